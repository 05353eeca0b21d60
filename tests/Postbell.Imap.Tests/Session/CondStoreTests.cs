using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>CONDSTORE, RFC 7162 section 3.1, as a client sees it.</summary>
public sealed class CondStoreTests
{
    [Fact]
    public async Task SELECT_names_the_highest_MODSEQ_and_changes_carry_theirs()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SELECT INBOX (CONDSTORE)
            S: * FLAGS ...
            S: * 2 EXISTS
            S: * 2 RECENT
            S: * OK [UNSEEN 1] ...
            S: * OK [PERMANENTFLAGS ...
            S: * OK [UIDVALIDITY ...
            S: * OK [UIDNEXT 3] ...
            S: * OK [HIGHESTMODSEQ ...] ...
            S: * OK [MAILBOXID ...] ...
            S: a OK [READ-WRITE] ...
            C: b STORE 1 +FLAGS (\Seen)
            S: * 1 FETCH (FLAGS (\Seen \Recent) MODSEQ (...))
            S: b OK Flags stored
            C: c STORE 1 +FLAGS.SILENT (\Flagged)
            S: * 1 FETCH (MODSEQ (...))
            S: c OK Flags stored
            C: d STORE 1 +FLAGS.SILENT (\Flagged)
            S: d OK Flags stored
            C: e FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS (\Flagged \Seen \Recent) MODSEQ (...))
            S: e OK ...
            C: f FETCH 2 MODSEQ
            S: * 2 FETCH (MODSEQ (...))
            S: f OK ...
            C: g SELECT INBOX (CONDSTORE X)
            S: g BAD Unknown parameter ...
            """);
    }

    [Fact]
    public async Task A_client_that_never_asked_is_told_no_MODSEQ()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a STORE 1 +FLAGS (\Seen)
            S: * 1 FETCH (FLAGS (\Seen \Recent))
            S: a OK ...
            C: b STATUS INBOX (HIGHESTMODSEQ)
            S: * OK [HIGHESTMODSEQ ...] ...
            S: * STATUS "INBOX" (HIGHESTMODSEQ ...)
            S: b OK ...
            C: c STORE 1 -FLAGS (\Seen)
            S: * 1 FETCH (FLAGS (\Recent) MODSEQ (...))
            S: c OK ...
            """);
    }

    [Fact]
    public async Task CHANGEDSINCE_gives_only_what_changed()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var start = await HighestAsync(client);
        await client.DoAsync("STORE 2 +FLAGS.SILENT (\\Seen)");
        (await client.DoAsync($"FETCH 1:* (FLAGS) (CHANGEDSINCE {start})")).ShouldHaveSingleItem().ShouldStartWith("* 2 FETCH (FLAGS (\\Seen \\Recent) MODSEQ (");
        (await client.DoAsync($"UID FETCH 1:* (UID) (CHANGEDSINCE {start})")).ShouldHaveSingleItem().ShouldStartWith("* 2 FETCH (UID 2 MODSEQ (");
        (await client.DoAsync("FETCH 1:* (UID) (CHANGEDSINCE 9223372036854775807)")).ShouldBeEmpty();
        (await client.TryAsync("FETCH 1:* (UID) (CHANGEDSINCE 9223372036854775808)")).End.ShouldStartWith("BAD A number is too large");
        (await client.TryAsync($"UID FETCH 1:* (UID) (CHANGEDSINCE {start} VANISHED)")).End.ShouldStartWith("BAD VANISHED is for UID FETCH");
        (await client.TryAsync("FETCH 1:* (UID) (SINCE 1)")).End.ShouldStartWith("BAD Unknown modifier");
    }

    [Fact]
    public async Task UNCHANGEDSINCE_leaves_alone_what_another_client_changed()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        var start = await HighestAsync(client);
        await other.DoAsync("STORE 1,3 +FLAGS (\\Flagged)");
        var (lines, end) = await client.TryAsync($"STORE 1:3 (UNCHANGEDSINCE {start}) +FLAGS.SILENT (\\Deleted)");
        end.ShouldBe("OK [MODIFIED 1,3] Some of the messages have changed meanwhile");
        lines.ShouldContain(l => l.StartsWith("* 2 FETCH (MODSEQ ("));
        lines.ShouldContain(l => l.StartsWith("* 1 FETCH (FLAGS (\\Flagged \\Recent) MODSEQ ("));
        (await client.TryAsync($"UID STORE 1:3 (UNCHANGEDSINCE {start}) +FLAGS (\\Deleted)")).End.ShouldStartWith("OK [MODIFIED 1:3]");
        (await client.TryAsync("STORE 2 (UNCHANGEDSINCE 0) +FLAGS (\\Deleted)")).End.ShouldStartWith("OK [MODIFIED 2]");
        (await client.TryAsync("STORE 2 (UNTIL 0) +FLAGS (\\Deleted)")).End.ShouldStartWith("BAD Unknown modifier");
    }

    [Fact]
    public async Task A_silent_store_tells_what_another_client_had_changed_before()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1 +FLAGS (\\Flagged)");
        (await client.DoAsync("STORE 1 +FLAGS.SILENT (\\Seen)")).ShouldBe(["* 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent))"]);
    }

    [Fact]
    public async Task SEARCH_by_MODSEQ_names_the_highest_found()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var start = await HighestAsync(client);
        await client.DoAsync("STORE 2 +FLAGS.SILENT (\\Seen)");
        var now = (await client.DoAsync("FETCH 2 MODSEQ"))[0].Split('(', ')')[2];
        (await client.DoAsync($"SEARCH MODSEQ {long.Parse(start, System.Globalization.CultureInfo.InvariantCulture) + 1}")).ShouldBe([$"* SEARCH 2 (MODSEQ {now})"]);
        (await client.DoAsync($"SEARCH NOT MODSEQ \"/flags/\\\\Seen\" all {now}"))[0].ShouldStartWith("* SEARCH 1 3 (MODSEQ ");
        (await client.DoAsync("SEARCH MODSEQ 9223372036854775807")).ShouldBe(["* SEARCH"]);
    }

    private static async Task<string> HighestAsync(ImapClient client) =>
        (await client.DoAsync("STATUS INBOX (HIGHESTMODSEQ)")).Single(l => l.StartsWith("* STATUS")).Split(' ', ')')[^2];
}
