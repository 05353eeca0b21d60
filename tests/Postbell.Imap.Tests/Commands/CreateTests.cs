using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class CreateTests
{
    [Fact]
    public async Task Names_nest_and_must_be_new()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a CREATE work/inner/
            S: a OK [MAILBOXID (...)] Mailbox made
            C: b CREATE work
            S: b NO [ALREADYEXISTS] ...
            C: c CREATE inbox
            S: c NO [ALREADYEXISTS] ...
            C: d CREATE "a//b"
            S: d NO [CANNOT] ...
            C: e CREATE ""
            S: e NO [CANNOT] ...
            C: f CREATE
            S: f BAD ...
            """);
        (await client.DoAsync("LIST \"\" work*")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_raw_UTF8_name_is_the_same_as_its_UTF7()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE \"Gr\u00c3\u00b6\"");
        (await client.DoAsync("LIST \"\" Gr&APY-")).ShouldBe(["* LIST (\\HasNoChildren) \"/\" \"Gr&APY-\""]);
    }
}
