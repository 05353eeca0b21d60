using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class NoopTests
{
    [Fact]
    public async Task It_tells_what_another_client_did()
    {
        var (server, ann) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1 +FLAGS (\\Flagged)");
        await other.DoAsync("STORE 2 +FLAGS.SILENT (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        await server.DeliverAsync(Mail.Simple("3"));
        await ann.PlayAsync(
            """
            C: a NOOP
            S: * 2 EXPUNGE
            S: * 2 EXISTS
            S: * ... RECENT
            S: * 1 FETCH (FLAGS (\Flagged \Recent))
            S: a OK Nothing done
            C: b NOOP
            S: b OK Nothing done
            """);
    }
}
