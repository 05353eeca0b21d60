using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class CloseTests
{
    [Fact]
    public async Task Deleted_messages_go_without_a_word()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 1,3 +FLAGS.SILENT (\\Deleted)");
        await client.PlayAsync(
            """
            C: a CLOSE
            S: a OK Mailbox left
            C: b CLOSE
            S: b BAD Select a mailbox first
            """);
        (await client.DoAsync("STATUS INBOX (MESSAGES)")).Single().ShouldContain("MESSAGES 1");
    }
}
