using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>APPEND of several messages, RFC 3502.</summary>
public sealed class MultiAppendTests
{
    [Fact]
    public async Task Several_messages_go_in_together_each_with_its_flags_and_date()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a APPEND INBOX (\Seen) {4}
            S: + Send the message
            C: a: 1 (\Flagged) "17-Jul-1996 02:44:25 -0700" {4+}
            C: b: 2 {4}
            S: + Send the message
            C: c: 3
            S: * 3 EXISTS
            S: * 3 RECENT
            S: a OK [APPENDUID ... 1:3] Messages stored
            C: b FETCH 1:3 FLAGS
            S: * 1 FETCH (FLAGS (\Seen \Recent))
            S: * 2 FETCH (FLAGS (\Flagged \Recent))
            S: * 3 FETCH (FLAGS (\Recent))
            S: b OK ...
            """);
    }

    [Fact]
    public async Task Where_one_is_refused_none_is_stored()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { MessageBytes = 10 } });
        var client = await server.ConnectAsAnnAsync();
        await client.PlayAsync(
            """
            C: a APPEND INBOX {4+}
            C: a: 1 {0}
            S: a NO [CANNOT] An empty message cannot be stored
            C: b APPEND INBOX {4+}
            C: a: 1 {7+}
            C: b: 1234 {4+}
            C: c: 3
            S: b NO [TOOBIG] The messages are too large together
            C: c APPEND INBOX {4+}
            C: a: 1 (\Strange) {4+}
            C: b: 2
            S: c NO [CANNOT] A flag cannot be stored
            C: d APPEND nowhere {4+}
            C: a: 1 {4+}
            C: b: 2
            S: d NO [TRYCREATE] There is no such mailbox
            C: e STATUS INBOX (MESSAGES APPENDLIMIT)
            S: * STATUS "INBOX" (MESSAGES 0 APPENDLIMIT 10)
            S: e OK ...
            C: f APPEND INBOX {4+}
            C: a: 1 what {4+}
            S: * BYE [TOOBIG] ...
            """);
    }
}
