using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class NamespaceTests
{
    [Fact]
    public async Task There_is_a_personal_one_and_those_of_colleagues_and_teams()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a NAMESPACE
            S: * NAMESPACE (("" "/")) (("Other Users/" "/")) (("Shared Folders/" "/"))
            S: a OK ...
            """);
    }
}
