using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class EnableTests
{
    [Fact]
    public async Task Unknown_extensions_are_passed_over()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a ENABLE X-Y
            S: * ENABLED
            S: a OK ...
            C: b ENABLE
            S: b BAD ...
            """);
    }
}
