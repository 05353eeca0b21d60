using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class SearchTests
{
    [Fact]
    public async Task Keys_find_what_they_name()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var may = new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);
        await server.DeliverAsync(Mail.Simple("Blue sky", "rain tomorrow"), date: may);
        await server.DeliverAsync(Mail.Simple("Green tea"), date: may.AddDays(1), flags: Mailbox.MessageFlags.Parse(["\\Seen", "$Work"]));
        await server.DeliverAsync(Mail.Simple("=?utf-8?q?Gr=C3=B6=C3=9Fe?=", new string('x', 3000)), date: may.AddDays(2), flags: Mailbox.MessageFlags.Parse(["\\Flagged"]));
        await client.DoAsync("SELECT INBOX");
        async Task Finds(string keys, string numbers) => (await client.DoAsync("SEARCH " + keys)).ShouldContain(("* SEARCH " + numbers).TrimEnd(), keys);
        await Finds("ALL", "1 2 3");
        await Finds("SUBJECT blue", "1");
        await Finds("SUBJECT \"green tea\"", "2");
        await Finds("CHARSET UTF-8 SUBJECT {6+}\r\nGr\u00c3\u00b6\u00c3\u009f", "3");
        await Finds("BODY RAIN", "1");
        await Finds("TEXT bob@example.com", "1 2 3");
        await Finds("FROM bob NOT SUBJECT blue", "2 3");
        await Finds("HEADER Message-ID \"\"", "1 2 3");
        await Finds("HEADER X-None \"\"", "");
        await Finds("UNSEEN", "1 3");
        await Finds("SEEN", "2");
        await Finds("KEYWORD $work", "2");
        await Finds("UNKEYWORD $Work", "1 3");
        await Finds("OR FLAGGED SEEN", "2 3");
        await Finds("LARGER 2000", "3");
        await Finds("SMALLER 2000", "1 2");
        await Finds("ON 2-May-2024", "2");
        await Finds("BEFORE 2-May-2024", "1");
        await Finds("SINCE 2-May-2024", "2 3");
        await Finds("SENTON 14-Nov-2023", "1 2 3");
        await Finds("SENTBEFORE 14-Nov-2023", "");
        await Finds("2:3 UNSEEN", "3");
        await Finds("UID 1,3", "1 3");
        await Finds("7:9", "");
        await Finds("RECENT", "1 2 3");
        await Finds("NEW", "1 3");
        await Finds("OLD", "");
        await Finds("(SEEN) DELETED", "");
        (await client.DoAsync("UID SEARCH SUBJECT green")).ShouldBe(["* SEARCH 2"]);
    }

    [Fact]
    public async Task Refusals_have_their_codes()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SEARCH CHARSET KOI-9 ALL
            S: a NO [BADCHARSET (US-ASCII UTF-8 ISO-8859-1)] ...
            C: b SEARCH WHATEVER
            S: b BAD Unknown SEARCH key (at byte 18)
            C: c SEARCH 1:*
            S: * SEARCH
            S: c OK ...
            """);
    }

    [Fact]
    public async Task No_EXPUNGE_is_told_under_SEARCH_but_under_UID_SEARCH()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1 +FLAGS (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        (await client.DoAsync("SEARCH ALL")).ShouldBe(["* SEARCH 2"]);
        await ImapWait.UntilAsync(async () => (await client.DoAsync("UID SEARCH ALL")).Contains("* 1 EXPUNGE"));
    }
}
