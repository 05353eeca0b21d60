using Postbell.Imap.Tests.Support;
using Postbell.Mailbox;

namespace Postbell.Imap.Tests.Commands;

/// <summary>ESEARCH (RFC 4731), SEARCHRES (RFC 5182), WITHIN (RFC 5032) and the MODSEQ of searches (RFC 7162).</summary>
public sealed class SearchReturnTests
{
    [Fact]
    public async Task Only_what_was_asked_for_is_returned()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 7, select: true);
        await using var _ = server;
        await client.DoAsync("STORE 2,4:6 +FLAGS.SILENT (\\Flagged)");
        await client.PlayAsync(
            """
            C: a SEARCH RETURN (MIN COUNT) FLAGGED
            S: * ESEARCH (TAG "a") MIN 2 COUNT 4
            S: a OK ...
            C: b SEARCH RETURN () FLAGGED
            S: * ESEARCH (TAG "b") ALL 2,4:6
            S: b OK ...
            C: c UID SEARCH RETURN (MAX ALL) CHARSET UTF-8 FLAGGED
            S: * ESEARCH (TAG "c") UID MAX 6 ALL 2,4:6
            S: c OK ...
            C: d SEARCH RETURN (MIN MAX COUNT ALL) DRAFT
            S: * ESEARCH (TAG "d") COUNT 0
            S: d OK ...
            C: e SEARCH RETURN (MIN MAX) DRAFT
            S: * ESEARCH (TAG "e")
            S: e OK ...
            C: f SEARCH RETURN (AVERAGE) ALL
            S: f BAD Unknown RETURN option (at byte 25)
            C: g SEARCH RETURN (MIN ALL
            S: g BAD ...
            """);
    }

    [Fact]
    public async Task A_saved_result_stands_for_its_messages()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 5, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a FETCH $ FLAGS
            S: a OK ...
            C: b SEARCH RETURN (SAVE) 2:4
            S: b OK ...
            C: c FETCH $ UID
            S: * 2 FETCH (UID 2)
            S: * 3 FETCH (UID 3)
            S: * 4 FETCH (UID 4)
            S: c OK ...
            C: d UID SEARCH UID $ NOT 3
            S: * SEARCH 2 4
            S: d OK ...
            C: e SEARCH RETURN (SAVE MIN) $ NOT 2
            S: * ESEARCH (TAG "e") MIN 3
            S: e OK ...
            C: f SEARCH RETURN (COUNT) $
            S: * ESEARCH (TAG "f") COUNT 1
            S: f OK ...
            C: g SEARCH RETURN (SAVE MIN MAX COUNT) 2:5
            S: * ESEARCH (TAG "g") MIN 2 MAX 5 COUNT 4
            S: g OK ...
            C: h SEARCH $
            S: * SEARCH 2 3 4 5
            S: h OK ...
            C: i SEARCH RETURN (SAVE MIN MAX) 2:5
            S: * ESEARCH (TAG "i") MIN 2 MAX 5
            S: i OK ...
            C: j STORE $ +FLAGS.SILENT (\Deleted)
            S: j OK ...
            C: k UID EXPUNGE $
            S: * 2 EXPUNGE
            S: * 4 EXPUNGE
            S: k OK ...
            C: l FETCH $ FLAGS
            S: l OK ...
            """);
    }

    [Fact]
    public async Task A_saved_result_is_forgotten_where_the_standard_says()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SEARCH RETURN (SAVE) 2
            S: a OK ...
            C: b SEARCH RETURN (SAVE) NONSENSE
            S: b BAD ...
            C: c SEARCH ALL
            S: * SEARCH 1 2 3
            S: c OK ...
            C: d SEARCH $
            S: * SEARCH 2
            S: d OK ...
            C: e SEARCH RETURN (SAVE) CHARSET KOI-9 SUBJECT x
            S: e NO [BADCHARSET ...
            C: f SEARCH $
            S: * SEARCH
            S: f OK ...
            C: g SEARCH RETURN (SAVE) 2
            S: g OK ...
            """);
        await client.DoAsync("SELECT INBOX");
        (await client.DoAsync("SEARCH $")).ShouldBe(["* SEARCH"]);
    }

    [Fact]
    public async Task A_message_expunged_by_another_leaves_the_saved_result()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        await client.DoAsync("SEARCH RETURN (SAVE) 2:3");
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 2 +FLAGS.SILENT (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        await client.DoAsync("NOOP");
        (await client.DoAsync("SEARCH $")).ShouldBe(["* SEARCH 2"]);
        (await client.DoAsync("UID SEARCH $")).ShouldBe(["* SEARCH 3"]);
    }

    [Fact]
    public async Task Age_is_counted_in_seconds()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var now = TimeProvider.System.GetUtcNow();
        await server.DeliverAsync(Mail.Simple("old"), date: now.AddHours(-2));
        await server.DeliverAsync(Mail.Simple("new"), date: now);
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: a SEARCH OLDER 3600
            S: * SEARCH 1
            S: a OK ...
            C: b SEARCH YOUNGER 3600
            S: * SEARCH 2
            S: b OK ...
            C: c SEARCH OLDER 36000
            S: * SEARCH
            S: c OK ...
            C: d SEARCH OLDER 0
            S: d BAD Zero is not allowed here ...
            C: e SEARCH YOUNGER x
            S: e BAD ...
            """);
    }

    [Fact]
    public async Task A_search_by_MODSEQ_tells_the_highest()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var box = await server.Store.OpenMailboxAsync(server.Ann.Id, CancellationToken.None);
        var inbox = await box.OpenFolderAsync(FolderNames.Inbox, readOnly: true, CancellationToken.None);
        var (first, second, third) = (inbox.Rows[0].ModSeq, inbox.Rows[1].ModSeq, inbox.Rows[2].ModSeq);
        (await client.DoAsync($"SEARCH MODSEQ {second}"))[^1].ShouldBe($"* SEARCH 2 3 (MODSEQ {third})");
        (await client.DoAsync($"SEARCH MODSEQ \"/flags/\\\\draft\" all {first} 1:2")).ShouldBe([$"* SEARCH 1 2 (MODSEQ {second})"]);
        (await client.DoAsync($"SEARCH MODSEQ {third + 1}")).ShouldBe(["* SEARCH"]);
        (await client.DoAsync($"SEARCH RETURN (MIN) MODSEQ {first}")).ShouldHaveSingleItem().ShouldEndWith($" MIN 1 MODSEQ {first}");
        (await client.DoAsync($"SEARCH RETURN (COUNT) MODSEQ {first}")).ShouldHaveSingleItem().ShouldEndWith($" COUNT 3 MODSEQ {third}");
    }
}
