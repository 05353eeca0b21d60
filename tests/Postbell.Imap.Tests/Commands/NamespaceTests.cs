using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class NamespaceTests
{
    [Fact]
    public async Task There_is_one_personal_namespace()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a NAMESPACE
            S: * NAMESPACE (("" "/")) NIL NIL
            S: a OK ...
            """);
    }
}
