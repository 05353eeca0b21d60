using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class SubscribeTests
{
    [Fact]
    public async Task A_subscription_outlives_its_mailbox()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE x");
        await client.DoAsync("SUBSCRIBE x");
        await client.DoAsync("DELETE x");
        (await client.DoAsync("LSUB \"\" x")).ShouldHaveSingleItem();
        await client.PlayAsync(
            """
            C: a SUBSCRIBE
            S: a BAD ...
            """);
    }
}

public sealed class UnsubscribeTests
{
    [Fact]
    public async Task It_undoes_a_subscription()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("SUBSCRIBE Sent");
        await client.DoAsync("UNSUBSCRIBE Sent");
        (await client.DoAsync("LSUB \"\" Sent")).ShouldBeEmpty();
    }
}
