using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class SortTests
{
    [Fact]
    public async Task Each_key_sorts_by_what_it_names()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var may = new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);
        await server.DeliverAsync(Letter("\"Zoe\" <bob@a.example>", "yan@x", "cee@x", "Re: apple", "Wed, 1 May 2024 10:00:00 +0000", 10), date: may.AddDays(2));
        await server.DeliverAsync(Letter("\"adam\" <carl@a.example>", "xer@x", "ann@x", "[list] Banana", "Wed, 1 May 2024 10:30:00 +0100", 500), date: may);
        await server.DeliverAsync(Letter("anne@a.example", "\"Abe\" <zed@x>", "bea@x", "APPLE (fwd)", "Tue, 30 Apr 2024 23:00:00 -0300", 100), date: may.AddDays(1));
        await client.DoAsync("SELECT INBOX");
        async Task Gives(string keys, string numbers) => (await client.DoAsync($"SORT ({keys}) UTF-8 ALL")).ShouldBe(["* SORT " + numbers], keys);
        await Gives("ARRIVAL", "2 3 1");
        await Gives("DATE", "3 2 1");
        await Gives("REVERSE DATE", "1 2 3");
        await Gives("SIZE", "1 3 2");
        await Gives("FROM", "3 1 2");
        await Gives("DISPLAYFROM", "2 3 1");
        await Gives("TO", "2 1 3");
        await Gives("DISPLAYTO", "3 2 1");
        await Gives("CC", "2 3 1");
        await Gives("SUBJECT", "1 3 2");
        await Gives("SUBJECT REVERSE SIZE", "3 1 2");
        await Gives("REVERSE SUBJECT ARRIVAL", "2 3 1");
    }

    [Fact]
    public async Task Answers_are_plain_or_as_asked()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 5, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SORT (REVERSE SUBJECT) US-ASCII 2:4
            S: * SORT 4 3 2
            S: a OK ...
            C: b SORT (SUBJECT) UTF-8 DRAFT
            S: * SORT
            S: b OK ...
            C: c UID SORT RETURN (MIN MAX COUNT ALL) (REVERSE SUBJECT) UTF-8 NOT 3
            S: * ESEARCH (TAG "c") UID MIN 5 MAX 1 COUNT 4 ALL 5,4,2,1
            S: c OK ...
            C: d SORT RETURN () (SUBJECT) UTF-8 1:5
            S: * ESEARCH (TAG "d") ALL 1:5
            S: d OK ...
            C: e SORT RETURN (SAVE) (REVERSE SUBJECT) UTF-8 2:3
            S: e OK ...
            C: f SEARCH $
            S: * SEARCH 2 3
            S: f OK ...
            """);
    }

    [Fact]
    public async Task Refusals_say_what_is_wrong()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SORT (COLOUR) UTF-8 ALL
            S: a BAD Unknown SORT key (at byte 15)
            C: b SORT () UTF-8 ALL
            S: b BAD ...
            C: c SORT (DATE) KOI-9 ALL
            S: c NO [BADCHARSET (US-ASCII UTF-8 ISO-8859-1)] ...
            C: d SORT (DATE) UTF-8
            S: d BAD The command ends too early ...
            C: e SORT (REVERSE) UTF-8 ALL
            S: e BAD ...
            """);
        (await client.TryAsync($"SORT ({string.Join(' ', Enumerable.Repeat("DATE", 100))}) UTF-8 ALL")).End.ShouldStartWith("NO [LIMIT]");
    }

    private static string Letter(string from, string to, string cc, string subject, string date, int size) => Mail.Crlf(
        $"""
        From: {from}
        To: {to}
        Cc: {cc}
        Subject: {subject}
        Date: {date}

        {new string('x', size)}

        """);
}
