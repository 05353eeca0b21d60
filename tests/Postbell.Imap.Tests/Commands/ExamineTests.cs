using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class ExamineTests
{
    [Fact]
    public async Task Nothing_can_be_changed()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1);
        await using var _ = server;
        (await client.TryAsync("EXAMINE INBOX")).End.ShouldBe("OK [READ-ONLY] Mailbox open, read-only");
        (await client.DoAsync("FETCH 1 BODY[TEXT]")).ShouldNotContain(l => l.Contains("\\Seen"));
        (await client.TryAsync("STORE 1 +FLAGS (\\Seen)")).End.ShouldStartWith("NO [CANNOT]");
        (await client.TryAsync("EXPUNGE")).End.ShouldStartWith("NO [CANNOT]");
        (await client.TryAsync("MOVE 1 Trash")).End.ShouldStartWith("NO [CANNOT]");
        (await client.TryAsync("COPY 1 Trash")).End.ShouldStartWith("OK [COPYUID");
        (await client.DoAsync("STATUS INBOX (UNSEEN RECENT)")).Single().ShouldBe("* STATUS \"INBOX\" (RECENT 1 UNSEEN 1)");
        await client.DoAsync("CLOSE");
    }
}
