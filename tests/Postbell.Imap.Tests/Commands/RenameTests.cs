using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class RenameTests
{
    [Fact]
    public async Task What_is_below_goes_along()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE a/b");
        await client.PlayAsync(
            """
            C: a RENAME a z
            S: a OK Mailbox renamed
            C: b RENAME a y
            S: b NO [NONEXISTENT] ...
            C: c RENAME z Sent
            S: c NO [ALREADYEXISTS] ...
            C: d RENAME z
            S: d BAD ...
            """);
        (await client.DoAsync("LIST \"\" z*")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Renaming_INBOX_moves_its_messages()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a RENAME INBOX old
            S: * 1 EXPUNGE
            S: * 1 EXPUNGE
            S: a OK Mailbox renamed
            """);
        (await client.DoAsync("STATUS old (MESSAGES)")).Single().ShouldBe("* STATUS \"old\" (MESSAGES 2)");
    }
}
