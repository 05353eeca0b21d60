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
    public async Task Names_are_UTF8_both_ways()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("ENABLE IMAP4rev2");
        await client.DoAsync("CREATE R&D");
        (await client.DoAsync("LIST \"\" R*"))[0].ShouldEndWith(" \"/\" \"R&D\"");
        (await (await server.ConnectAsAnnAsync()).DoAsync("LIST \"\" R*"))[0].ShouldEndWith(" \"/\" \"R&-D\"");
    }
}
