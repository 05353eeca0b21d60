using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class ThreadTests
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Answers_lie_below_what_they_answer()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await PutAsync(
            server, ("a", "", "One"), ("b", "<a@x>", "Re: One"), ("c", "<a@x> <b@x>", "Re: One"), ("d", "<a@x> <b@x>", "Re: One"), ("e", "", "Two"),
            ("f", "<a@x>", "Re: One"));
        await client.DoAsync("SELECT INBOX");
        await client.PlayAsync(
            """
            C: a THREAD REFERENCES UTF-8 ALL
            S: * THREAD (1 (2 (3)(4))(6))(5)
            S: a OK ...
            C: b UID THREAD REFERENCES UTF-8 NOT UID 2
            S: * THREAD (1 (3)(4)(6))(5)
            S: b OK ...
            C: c THREAD ORDEREDSUBJECT UTF-8 ALL
            S: * THREAD (1 (2)(3)(4)(6))(5)
            S: c OK ...
            C: d THREAD REFERENCES UTF-8 DRAFT
            S: * THREAD
            S: d OK ...
            C: e THREAD GUESSWORK UTF-8 ALL
            S: e BAD Unknown THREAD algorithm (at byte 10)
            """);
    }

    [Fact]
    public async Task Threads_of_one_subject_become_one()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await PutAsync(
            server, ("a", "", "Re: lunch"), ("b", "", "Lunch"), ("c", "", "dinner"), ("d", "", "[food] Dinner"), ("e", "<gone@x>", "tea"), ("f", "<gone@x>", "Re: tea"),
            ("g", "", "Re: tea"));
        await client.DoAsync("SELECT INBOX");

        // A reply goes below what it seems to answer; two of one rank become brothers; what hangs on a missing message stays together.
        (await client.DoAsync("THREAD REFERENCES UTF-8 ALL")).ShouldBe(["* THREAD (2 1)((3)(4))((5)(6)(7))"]);
    }

    [Fact]
    public async Task Loops_doubles_and_missing_identifiers_do_no_harm()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await PutAsync(server, ("a", "<b@x>", "p"), ("b", "<a@x>", "q"), ("c", "<c@x>", "r"), ("c", "<c@x> <d@x> <c@x>", "s"), ("", "<a@x>", "t"), ("", "", ""));
        await client.DoAsync("SELECT INBOX");
        var numbers = (await client.DoAsync("THREAD REFERENCES UTF-8 ALL")).ShouldHaveSingleItem();
        for (var i = 1; i <= 6; i++)
        {
            numbers.Split([' ', '(', ')']).Count(n => n == $"{i}").ShouldBe(1, numbers);
        }
    }

    /// <summary>Messages an hour apart: name, References, subject.</summary>
    private static async Task PutAsync(ImapServer server, params (string Id, string References, string Subject)[] messages)
    {
        var hour = 0;
        foreach (var (id, references, subject) in messages)
        {
            var moment = Start.AddHours(hour++);
            await server.DeliverAsync(
                $"From: b@x\r\nSubject: {subject}\r\nDate: {moment:ddd, d MMM yyyy HH:mm:ss} +0000\r\n"
                + (id.Length > 0 ? $"Message-ID: <{id}@x>\r\n" : "") + (references.Length > 0 ? $"References: {references}\r\n" : "") + "\r\nHello.\r\n",
                date: moment);
        }
    }
}
