using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class CopyTests
{
    [Fact]
    public async Task Copies_keep_flags_and_their_UIDs_are_told()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 3 +FLAGS.SILENT (\\Seen)");
        await client.PlayAsync(
            """
            C: a COPY 1,3 Archive
            S: a OK [COPYUID ... 1,3 1:2] Messages copied
            C: b UID COPY 99 Archive
            S: b OK Messages copied
            C: c COPY 1 nowhere
            S: c NO [TRYCREATE] ...
            C: d COPY 9 Archive
            S: d BAD ...
            C: e UID COPY 2 INBOX
            S: * 4 EXISTS
            S: * ... RECENT
            S: e OK [COPYUID ... 2 4] Messages copied
            """);
        (await client.DoAsync("STATUS Archive (MESSAGES UNSEEN)")).Single().ShouldBe("* STATUS \"Archive\" (MESSAGES 2 UNSEEN 1)");
    }
}
