using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>What IMAP4rev2 (RFC 9051) answers otherwise, once it is enabled.</summary>
public sealed class Imap4Rev2Tests
{
    [Fact]
    public async Task Nothing_is_recent_and_SEARCH_is_answered_with_ESEARCH()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a ENABLE IMAP4rev2
            S: * ENABLED IMAP4rev2
            S: a OK Enabled
            C: b SELECT inbox
            S: * FLAGS (...)
            S: * 2 EXISTS
            S: * OK [PERMANENTFLAGS ...] ...
            S: * OK [UIDVALIDITY ...] ...
            S: * OK [UIDNEXT 3] ...
            S: * OK [HIGHESTMODSEQ ...] ...
            S: * OK [MAILBOXID ...] ...
            S: * LIST () "/" "INBOX"
            S: b OK [READ-WRITE] Mailbox open
            C: c FETCH 1 FLAGS
            S: * 1 FETCH (FLAGS ())
            S: c OK ...
            C: d SEARCH ALL
            S: * ESEARCH (TAG "d") ALL 1:2
            S: d OK ...
            C: e UID SEARCH CHARSET UTF-8 SEEN
            S: * ESEARCH (TAG "e") UID
            S: e OK ...
            C: f APPEND INBOX {4+}
            C: a: 1
            S: * 3 EXISTS
            S: f OK ...
            C: g EXAMINE Trash
            S: * OK [CLOSED] ...
            S: * FLAGS (...)
            S: * 0 EXISTS
            """);
    }

    [Fact]
    public async Task A_new_name_is_told_with_the_old_one_and_a_mailbox_that_goes_is_closed()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("ENABLE IMAP4rev2");
        await client.DoAsync("CREATE old/below");
        await client.DoAsync("SELECT old/below");
        await client.PlayAsync(
            """
            C: a RENAME old new/
            S: * LIST () "/" "new" ("OLDNAME" ("old"))
            S: a OK Mailbox renamed
            C: b RENAME INBOX saved
            S: b OK Mailbox renamed
            C: c DELETE new/below
            S: * OK [CLOSED] The mailbox that was open is gone
            S: c OK Mailbox deleted
            C: d FETCH 1 UID
            S: d BAD Select a mailbox first
            """);
    }

    [Fact]
    public async Task Sizes_and_ranges_may_be_of_64_bits()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        (await client.DoAsync("SEARCH SMALLER 5000000000"))[0].ShouldBe("* SEARCH 1");
        (await client.DoAsync("SEARCH LARGER 5000000000"))[0].ShouldBe("* SEARCH");
        (await client.DoAsync("FETCH 1 BODY.PEEK[TEXT]<5000000000.9000000000>"))[0].ShouldBe("* 1 FETCH (BODY[TEXT]<5000000000> {0}");
    }

    [Fact]
    public async Task Everything_the_revision_demands_is_there_before_it_is_enabled()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2);
        await using var _ = server;
        var told = (await client.DoAsync("CAPABILITY"))[0].Split(' ');
        foreach (var part in (string[])["IMAP4rev1", "IMAP4rev2", "NAMESPACE", "UNSELECT", "UIDPLUS", "ESEARCH", "SEARCHRES", "ENABLE", "IDLE", "SASL-IR",
            "LIST-EXTENDED", "LIST-STATUS", "MOVE", "LITERAL+", "BINARY", "STATUS=SIZE", "SPECIAL-USE", "CHILDREN"])
        {
            told.ShouldContain(part);
        }

        await client.PlayAsync(
            """
            C: a ENABLE IMAP4rev2 X-NONE
            S: * ENABLED IMAP4rev2
            S: a OK Enabled
            C: b STATUS INBOX (MESSAGES DELETED SIZE UIDNEXT)
            S: * STATUS "INBOX" (MESSAGES 2 UIDNEXT 3 SIZE ... DELETED 0)
            S: b OK ...
            C: c LIST (SUBSCRIBED) "" INBOX RETURN (SPECIAL-USE CHILDREN)
            S: * LIST (\HasNoChildren \Subscribed) "/" "INBOX"
            S: c OK ...
            C: d SELECT INBOX
            """);
        (await client.ReadLineAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Names_are_UTF8_both_ways()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("ENABLE IMAP4rev2");
        await client.DoAsync("CREATE R&D");
        (await client.DoAsync("LIST \"\" R*"))[0].ShouldEndWith(" \"/\" \"R&D\"");
        (await (await server.ConnectAsAnnAsync()).DoAsync("LIST \"\" R*"))[0].ShouldEndWith(" \"/\" \"R&-D\"");
        (await client.TryAsync("CREATE \"a\u00e2\u0080\u00a8b\"")).End.ShouldStartWith("NO [CANNOT]", customMessage: "a line separator");
    }
}
