using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class LsubTests
{
    [Fact]
    public async Task Subscriptions_are_listed_also_as_parents()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE lists/dev");
        await client.DoAsync("UNSUBSCRIBE lists");
        await client.DoAsync("SUBSCRIBE lists/dev");
        (await client.DoAsync("LSUB \"\" lists*")).ShouldBe(["* LSUB () \"/\" \"lists/dev\""]);
        (await client.DoAsync("LSUB \"\" %")).ShouldContain("* LSUB (\\Noselect) \"/\" \"lists\"");
        await client.DoAsync("UNSUBSCRIBE lists/dev");
        (await client.DoAsync("LSUB \"\" lists*")).ShouldBeEmpty();
    }
}
