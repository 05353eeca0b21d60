using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class SelectTests
{
    [Fact]
    public async Task It_describes_the_mailbox()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2);
        await using var _ = server;
        await server.DeliverAsync(Mail.Simple("3"), flags: Mailbox.MessageFlags.Parse(["\\Seen", "$Forwarded"]));
        await client.PlayAsync(
            """
            C: a SELECT inbox
            S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded)
            S: * 3 EXISTS
            S: * 3 RECENT
            S: * OK [UNSEEN 1] ...
            S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded \*)] ...
            S: * OK [UIDVALIDITY ...] ...
            S: * OK [UIDNEXT 4] ...
            S: * OK [HIGHESTMODSEQ ...] ...
            S: * OK [MAILBOXID (...)] ...
            S: a OK [READ-WRITE] Mailbox open
            """);
    }

    [Fact]
    public async Task A_failed_select_leaves_the_mailbox_selected_before()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SELECT nowhere
            S: a NO [NONEXISTENT] There is no such mailbox
            C: b CHECK
            S: b BAD Select a mailbox first
            C: c SELECT "&*-"
            S: c NO [CANNOT] ...
            """);
    }

    [Fact]
    public async Task A_mailbox_deleted_by_another_client_ends_the_session()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE x");
        await client.DoAsync("SELECT x");
        var other = await server.ConnectAsAnnAsync();
        await other.DoAsync("DELETE x");
        await client.PlayAsync(
            """
            C: a NOOP
            S: * BYE [NONEXISTENT] The mailbox was deleted
            S: a OK ...
            """);
        (await client.ReadLineAsync()).ShouldBeNull();
    }
}
