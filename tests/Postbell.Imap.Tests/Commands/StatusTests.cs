using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class StatusTests
{
    [Fact]
    public async Task Counts_are_told_without_selecting()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a STATUS inbox (MESSAGES UNSEEN UIDNEXT RECENT)
            S: * STATUS "INBOX" (MESSAGES 3 RECENT 3 UIDNEXT 4 UNSEEN 3)
            S: a OK ...
            C: b STATUS nowhere (MESSAGES)
            S: b NO [NONEXISTENT] There is no such mailbox
            C: c STATUS INBOX (FOO)
            S: c BAD Unknown STATUS item (at byte 20)
            """);
        (await client.DoAsync("STATUS INBOX (UIDVALIDITY)")).Single().ShouldStartWith("* STATUS \"INBOX\" (UIDVALIDITY ");
    }
}
