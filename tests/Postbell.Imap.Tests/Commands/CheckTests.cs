using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class CheckTests
{
    [Fact]
    public async Task It_is_NOOP_with_a_mailbox()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await server.DeliverAsync(Mail.Simple("1"));
        await client.PlayAsync(
            """
            C: a CHECK
            S: * 1 EXISTS
            S: * 1 RECENT
            S: a OK ...
            """);
    }
}
