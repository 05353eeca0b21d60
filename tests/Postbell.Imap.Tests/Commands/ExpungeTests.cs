using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class ExpungeTests
{
    [Fact]
    public async Task Numbers_move_up_as_messages_go()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 5, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 1,3:4 +FLAGS.SILENT (\\Deleted)");
        await client.PlayAsync(
            """
            C: a EXPUNGE
            S: * 1 EXPUNGE
            S: * 2 EXPUNGE
            S: * 2 EXPUNGE
            S: a OK ...
            C: b FETCH 1:* UID
            S: * 1 FETCH (UID 2)
            S: * 2 FETCH (UID 5)
            S: b OK ...
            """);
    }

    [Fact]
    public async Task UID_EXPUNGE_takes_only_the_named_ones()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 1:3 +FLAGS.SILENT (\\Deleted)");
        await client.PlayAsync(
            """
            C: a UID EXPUNGE 2,9
            S: * 2 EXPUNGE
            S: a OK ...
            C: b UID EXPUNGE
            S: b BAD ...
            C: c EXPUNGE 1
            S: c BAD ...
            """);
    }

    [Fact]
    public async Task Messages_the_client_has_not_heard_of_stay()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await server.DeliverAsync(Mail.Simple("2"), flags: Mailbox.MessageFlags.Parse(["\\Deleted"]));
        (await client.DoAsync("EXPUNGE")).ShouldContain("* 1 EXPUNGE");
        (await client.DoAsync("FETCH 1 UID")).ShouldBe(["* 1 FETCH (UID 2)"]);
    }
}
