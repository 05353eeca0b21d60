using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>Several clients at one mailbox: what each may see of what the others do (RFC 2180, RFC 3501 section 7.4.1).</summary>
public sealed class MultiAccessTests
{
    [Fact]
    public async Task What_one_expunges_keeps_its_number_for_the_others_until_they_are_told()
    {
        var (server, reader) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var remover = await server.ConnectAsAnnAsync(select: true);
        await remover.DoAsync("STORE 2 +FLAGS.SILENT (\\Deleted)");
        await remover.DoAsync("EXPUNGE");
        await reader.PlayAsync(
            """
            C: a FETCH 2 BODY.PEEK[]
            S: a NO [EXPUNGEISSUED] Some of the messages are gone
            C: b FETCH 1:3 UID
            S: * 1 FETCH (UID 1)
            S: * 3 FETCH (UID 3)
            S: b NO [EXPUNGEISSUED] ...
            C: c STORE 2 +FLAGS (\Flagged)
            S: c NO [EXPUNGEISSUED] ...
            C: d SEARCH ALL
            S: * SEARCH 1 3
            S: d OK ...
            C: e STORE 3 +FLAGS (\Flagged)
            S: * 3 FETCH (FLAGS (\Flagged ...))
            S: e OK ...
            C: f NOOP
            S: * 2 EXPUNGE
            S: f OK ...
            C: g FETCH 2 UID
            S: * 2 FETCH (UID 3)
            S: g OK ...
            """);
        (await remover.DoAsync("NOOP")).ShouldHaveSingleItem().ShouldStartWith("* 2 FETCH (FLAGS (\\Flagged");
    }

    [Theory]
    [InlineData("COPY")]
    [InlineData("MOVE")]
    public async Task Of_messages_of_which_one_is_gone_none_is_copied(string command)
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var remover = await server.ConnectAsAnnAsync(select: true);
        await remover.DoAsync("STORE 2 +FLAGS.SILENT (\\Deleted)");
        await remover.DoAsync("EXPUNGE");
        var (lines, end) = await client.TryAsync($"{command} 1:3 Archive");
        end.ShouldBe("NO [EXPUNGEISSUED] Some of the messages are gone");
        lines.ShouldBe(["* 2 EXPUNGE"]);
        (await client.DoAsync("STATUS Archive (MESSAGES)"))[0].ShouldBe("* STATUS \"Archive\" (MESSAGES 0)");

        // By UID the client names what it knows, and what is gone is passed over.
        (await client.TryAsync($"UID {command} 1:3 Archive")).End.ShouldStartWith("OK");
        (await client.DoAsync("STATUS Archive (MESSAGES)"))[0].ShouldBe("* STATUS \"Archive\" (MESSAGES 2)");
    }

    [Fact]
    public async Task Where_one_moves_messages_from_and_to_both_are_told()
    {
        var (server, mover) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var source = await server.ConnectAsAnnAsync(select: true);
        var target = await server.ConnectAsAnnAsync();
        await target.DoAsync("SELECT Archive");
        await mover.DoAsync("STORE 2 +FLAGS.SILENT ($Kept)");
        await source.DoAsync("NOOP");
        (await mover.DoAsync("MOVE 1:2 Archive")).Skip(1).ShouldBe(["* 1 EXPUNGE", "* 1 EXPUNGE"]);
        (await source.DoAsync("NOOP")).ShouldBe(["* 1 EXPUNGE", "* 1 EXPUNGE"]);
        (await target.DoAsync("NOOP")).ShouldBe(
            ["* 2 EXISTS", "* 2 RECENT", "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Kept)", "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Kept \\*)] Flags that can be set"]);
        (await target.DoAsync("FETCH 1:2 (UID FLAGS)")).ShouldBe(["* 1 FETCH (UID 1 FLAGS (\\Recent))", "* 2 FETCH (UID 2 FLAGS ($Kept \\Recent))"]);
    }

    [Fact]
    public async Task A_mailbox_that_is_renamed_stays_open_and_a_new_one_of_its_name_is_another()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE work");
        await client.AppendAsync("work", Mail.Simple("1"));
        var opened = await client.DoAsync("SELECT work");
        var other = await server.ConnectAsAnnAsync();
        await other.DoAsync("RENAME work done");
        await other.DoAsync("CREATE work");
        await other.AppendAsync("work", Mail.Simple("strange"));
        (await client.DoAsync("NOOP")).ShouldBeEmpty();
        await other.AppendAsync("done", Mail.Simple("2"));
        (await client.DoAsync("NOOP"))[0].ShouldBe("* 2 EXISTS");
        await client.DoAsync("STORE 1 +FLAGS (\\Answered)");
        (await other.DoAsync("SELECT done")).ShouldContain(Code(opened, "UIDVALIDITY"));
        (await other.DoAsync("SEARCH ANSWERED"))[0].ShouldBe("* SEARCH 1");
        (await other.DoAsync("SELECT work")).ShouldNotContain(Code(opened, "UIDVALIDITY"));
        (await client.DoAsync("FETCH 2 BODY.PEEK[HEADER.FIELDS (SUBJECT)]")).ShouldContain("Subject: 2");
    }

    [Fact]
    public async Task A_mailbox_made_anew_has_another_UIDVALIDITY_and_whoever_had_the_old_one_open_is_sent_away()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE work");
        await client.AppendAsync("work", Mail.Simple("1"));
        var first = Code(await client.DoAsync("SELECT work"), "UIDVALIDITY");
        var other = await server.ConnectAsAnnAsync();
        await other.DoAsync("DELETE work");
        await other.DoAsync("CREATE work");
        await other.AppendAsync("work", Mail.Simple("2"));
        var second = Code(await other.DoAsync("SELECT work"), "UIDVALIDITY");
        second.ShouldNotBe(first);
        (await client.TryAsync("UID FETCH 1 BODY.PEEK[]")).Lines.ShouldBe(["* BYE [NONEXISTENT] The mailbox was deleted"]);
        (await client.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Three_clients_see_flags_arrivals_and_departures_in_their_own_order()
    {
        var (server, first) = await ImapServer.StartWithAnnAsync(messages: 4, select: true);
        await using var _ = server;
        var second = await server.ConnectAsAnnAsync(select: true);
        var third = await server.ConnectAsAnnAsync();
        await third.DoAsync("EXAMINE INBOX");
        await first.DoAsync("STORE 1,3 +FLAGS (\\Deleted)");
        await second.DoAsync("STORE 4 +FLAGS (\\Seen)");
        (await second.TryAsync("EXPUNGE")).Lines.ShouldBe(["* 1 EXPUNGE", "* 2 EXPUNGE"]);
        await second.AppendAsync("INBOX", Mail.Simple("5"));

        // The first is told the gone ones, the new one and the changed one; numbers count as they stand when they are told.
        (await first.DoAsync("NOOP")).ShouldBe(["* 1 EXPUNGE", "* 2 EXPUNGE", "* 3 EXISTS", "* 3 RECENT", "* 2 FETCH (FLAGS (\\Seen \\Recent))"]);

        // The third only reads: its numbers stand still while it does, and what it may not be told yet comes with its next command.
        (await third.TryAsync("FETCH 1:4 FLAGS")).End.ShouldStartWith("NO [EXPUNGEISSUED]");
        (await third.TryAsync("STORE 1 +FLAGS (\\Seen)")).End.ShouldBe("NO [CANNOT] The mailbox is open read-only");
        var told = await third.DoAsync("NOOP");
        told.Where(l => l.EndsWith("EXPUNGE", StringComparison.Ordinal)).ShouldBe(["* 1 EXPUNGE", "* 2 EXPUNGE"]);
        (await third.DoAsync("FETCH 1:* UID")).ShouldBe(["* 1 FETCH (UID 2)", "* 2 FETCH (UID 4)", "* 3 FETCH (UID 5)"]);
    }

    [Fact]
    public async Task An_idling_client_hears_of_everything_at_once()
    {
        var (server, idle) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await idle.SendAsync("a IDLE\r\n");
        (await idle.ReadLineAsync()).ShouldBe("+ Idling");
        await other.DoAsync("STORE 2 +FLAGS (\\Flagged)");
        (await idle.ReadLineAsync()).ShouldStartWith("* 2 FETCH (FLAGS (\\Flagged");
        await other.DoAsync("MOVE 1 Trash");
        (await idle.ReadLineAsync()).ShouldBe("* 1 EXPUNGE");
        await other.DoAsync("COPY 1 INBOX");
        (await idle.ReadLineAsync()).ShouldBe("* 2 EXISTS");
        await idle.PlayAsync(
            """
            S: * 2 RECENT
            C: DONE
            S: a OK Idle no more
            """);
    }

    [Fact]
    public async Task A_message_that_is_being_read_is_read_to_its_end_though_another_client_removes_it()
    {
        var (server, reader) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var message = Mail.Simple("large", string.Concat(Enumerable.Range(0, 30_000).Select(static i => $"line {i} of a text that is read slowly, one piece after the other\r\n")));
        await reader.AppendAsync("INBOX", message);
        await reader.DoAsync("SELECT INBOX");
        await reader.SendAsync("a FETCH 1 BODY.PEEK[]\r\n");
        (await reader.ReadLineAsync()).ShouldBe($"* 1 FETCH (BODY[] {{{message.Length}}}");
        var remover = await server.ConnectAsAnnAsync(select: true);
        await remover.DoAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        (await remover.DoAsync("EXPUNGE")).ShouldBe(["* 1 EXPUNGE"]);
        var read = new System.Text.StringBuilder();
        while (read.Length < message.Length)
        {
            read.Append(await reader.ReadLineAsync()).Append("\r\n");
        }

        (read.ToString() == message).ShouldBeTrue();
        await reader.PlayAsync(
            """
            S: )
            S: a OK Messages fetched
            C: b NOOP
            S: * 1 EXPUNGE
            S: b OK ...
            """);
    }

    private static string Code(IReadOnlyList<string> lines, string name) => lines.Single(l => l.Contains($"[{name} ", StringComparison.Ordinal));
}
