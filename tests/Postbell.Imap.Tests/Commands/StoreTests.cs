using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class StoreTests
{
    [Fact]
    public async Task Flags_are_added_removed_and_replaced()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a STORE 1:2 +FLAGS (\Seen \Flagged)
            S: * 1 FETCH (FLAGS (\Flagged \Seen \Recent))
            S: * 2 FETCH (FLAGS (\Flagged \Seen \Recent))
            S: a OK Flags stored
            C: b STORE 1 -FLAGS (\Seen)
            S: * 1 FETCH (FLAGS (\Flagged \Recent))
            S: b OK Flags stored
            C: c UID STORE 2 FLAGS $Work
            S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Work)
            S: * OK [PERMANENTFLAGS ...] ...
            S: * 2 FETCH (UID 2 FLAGS ($Work \Recent))
            S: c OK Flags stored
            C: d STORE 1 FLAGS.SILENT ()
            S: d OK Flags stored
            C: e FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\Recent))
            S: e OK ...
            """);
    }

    [Fact]
    public async Task Numbers_beyond_the_last_are_bad_and_UIDs_are_not()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a STORE 2 +FLAGS (\Seen)
            S: a BAD There is no message with such a sequence number
            C: b UID STORE 99 +FLAGS (\Seen)
            S: b OK No such message
            C: c STORE 1 +FLAGS (\Recent)
            S: c BAD This flag cannot be set by a client (at byte 26)
            """);
    }

    [Fact]
    public async Task No_EXPUNGE_is_told_under_STORE_and_the_gone_message_is_named_as_gone()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1 +FLAGS (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        var (lines, end) = await client.TryAsync("STORE 1:2 +FLAGS.SILENT (\\Seen)");
        lines.ShouldNotContain(l => l.Contains("EXPUNGE"));
        end.ShouldStartWith("NO [EXPUNGEISSUED]");
        (await client.DoAsync("NOOP")).ShouldContain("* 1 EXPUNGE");
        (await client.DoAsync("FETCH 1 (UID FLAGS)")).ShouldBe(["* 1 FETCH (UID 2 FLAGS (\\Seen \\Recent))"]);
    }
}
