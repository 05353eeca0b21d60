using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>OBJECTID, RFC 8474.</summary>
public sealed class ObjectIdTests
{
    [Fact]
    public async Task A_mailbox_keeps_its_identifier_when_it_is_renamed()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var (_, made) = await client.TryAsync("CREATE a");
        made.ShouldMatch(@"^OK \[MAILBOXID \(F\d+-\d+\)\] Mailbox made$");
        var id = made[4..(made.IndexOf(']', StringComparison.Ordinal))];
        (await client.DoAsync("STATUS a (MAILBOXID)")).ShouldBe([$"* STATUS \"a\" ({id})"]);
        await client.DoAsync("RENAME a b");
        (await client.DoAsync("STATUS b (MESSAGES MAILBOXID)")).ShouldBe([$"* STATUS \"b\" (MESSAGES 0 {id})"]);
        (await client.DoAsync("LIST \"\" b RETURN (STATUS (MAILBOXID))"))[1].ShouldBe($"* STATUS \"b\" ({id})");
        (await client.DoAsync("SELECT b")).ShouldContain(l => l.StartsWith($"* OK [{id}] ", StringComparison.Ordinal));
        (await client.DoAsync("EXAMINE INBOX")).ShouldNotContain(l => l.Contains(id, StringComparison.Ordinal));
        (await client.TryAsync("DELETE b")).End.ShouldStartWith("OK");
        (await client.TryAsync("CREATE b")).End.ShouldNotContain(id);
    }

    [Fact]
    public async Task A_copy_is_the_same_mail_and_an_answer_the_same_thread()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Simple("one"));
        await server.DeliverAsync(Mail.Simple("two"));
        await server.DeliverAsync("In-Reply-To: <one@example.com>\r\n" + Mail.Simple("Re: one"));
        var client = await server.ConnectAsAnnAsync(select: true);
        var told = await client.DoAsync("FETCH 1:3 (EMAILID THREADID)");
        var emails = told.Select(l => Value(l, "EMAILID (")).ToArray();
        var threads = told.Select(l => Value(l, "THREADID (")).ToArray();
        emails.Distinct().Count().ShouldBe(3);
        threads[2].ShouldBe(threads[0]);
        threads[1].ShouldNotBe(threads[0]);
        await client.DoAsync("COPY 2 Archive");
        (await client.DoAsync($"SEARCH EMAILID {emails[1]}"))[0].ShouldBe("* SEARCH 2");
        (await client.DoAsync($"SEARCH THREADID {threads[0]}"))[0].ShouldBe("* SEARCH 1 3");
        (await client.DoAsync("SEARCH THREADID T9-9"))[0].ShouldBe("* SEARCH");
        await client.DoAsync("SELECT Archive");
        (await client.DoAsync("FETCH 1 EMAILID"))[0].ShouldBe($"* 1 FETCH (EMAILID ({emails[1]}))");
    }

    private static string Value(string line, string before)
    {
        var from = line.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return line[from..line.IndexOf(')', from)];
    }
}
