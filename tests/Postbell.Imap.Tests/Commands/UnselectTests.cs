using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class UnselectTests
{
    [Fact]
    public async Task Deleted_messages_stay()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await client.DoAsync("UNSELECT");
        (await client.DoAsync("STATUS INBOX (MESSAGES)")).Single().ShouldContain("MESSAGES 1");
    }
}
