using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class MoveTests
{
    [Fact]
    public async Task Messages_go_and_both_UIDs_are_told_before()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a MOVE 1:2 Trash
            S: * OK [COPYUID ... 1:2 1:2] Messages moved
            S: * 1 EXPUNGE
            S: * 1 EXPUNGE
            S: a OK Done
            C: b UID MOVE 3 nowhere
            S: b NO [TRYCREATE] ...
            C: c UID MOVE 3 Trash
            S: * OK [COPYUID ... 3 3] Messages moved
            S: * 1 EXPUNGE
            S: c OK Done
            """);
        (await client.DoAsync("STATUS Trash (MESSAGES)")).Single().ShouldContain("MESSAGES 3");
    }
}
