using Postbell.Imap.Tests.Support;
using Postbell.Mailbox;

namespace Postbell.Imap.Tests.Commands;

/// <summary>QUOTA, RFC 9208.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task Limits_and_what_is_used_are_told()
    {
        await using var server = await ImapServer.StartAsync(quota: new MailboxQuota { StorageLimit = 10_000, MessageLimit = 5 });
        var client = await server.ConnectAsAnnAsync();
        await client.AppendAsync("INBOX", Mail.Simple("1", new string('x', 1000)));
        await client.PlayAsync(
            """
            C: a GETQUOTAROOT inbox
            S: * QUOTAROOT "INBOX" ""
            S: * QUOTA "" (STORAGE 2 9 MESSAGE 1 5)
            S: a OK Quota told
            C: b GETQUOTA ""
            S: * QUOTA "" (STORAGE 2 9 MESSAGE 1 5)
            S: b OK Quota told
            C: c GETQUOTA other
            S: c NO [NONEXISTENT] There is no such quota root
            C: d GETQUOTAROOT nowhere
            S: d NO [NONEXISTENT] There is no such mailbox
            C: e SETQUOTA "" (STORAGE 512)
            S: e NO [NOPERM] Limits are set by the administrator of the server
            C: f GETQUOTA
            S: f BAD ...
            """);
        (await client.TryAsync($"APPEND INBOX {{9000+}}\r\n{new string('x', 9000)}")).End.ShouldStartWith("NO [OVERQUOTA]");
    }

    [Fact]
    public async Task Without_limits_there_is_no_root()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a GETQUOTAROOT INBOX
            S: * QUOTAROOT "INBOX"
            S: a OK Quota told
            C: b GETQUOTA ""
            S: b NO [NONEXISTENT] There is no such quota root
            """);
    }

    [Fact]
    public async Task STATUS_tells_what_expunging_would_set_free()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3, select: true);
        await using var _ = server;
        var octets = Mail.Simple("1").Length;
        await client.DoAsync("STORE 1,3 +FLAGS.SILENT (\\Deleted)");
        (await client.DoAsync("STATUS INBOX (DELETED DELETED-STORAGE)"))
            .ShouldBe([$"* STATUS \"INBOX\" (DELETED 2 DELETED-STORAGE {octets * 2})"]);
    }
}
