using System.Text;
using Postbell.Smtp.Tests.Support;

namespace Postbell.Smtp.Tests.Session;

/// <summary>What senders hear of mail that was delivered here, and what the ledger has of it.</summary>
public class SuccessReportTests
{
    [Theory]
    [InlineData(SmtpDoor.Lmtp)]
    [InlineData(SmtpDoor.Intake)]
    public async Task A_sender_elsewhere_is_told_that_the_message_is_in_the_mailbox(SmtpDoor door)
    {
        var queue = new RememberingQueue();
        await using var server = await SmtpServer.StartAsync(outbound: queue);
        var client = server.Connect(door);
        await client.ReplyAsync();
        (await client.DoAsync(door == SmtpDoor.Lmtp ? "LHLO x.example.net" : "EHLO x.example.net")).ShouldContain("250-DSN");
        await client.PlayAsync(
            """
            C: MAIL FROM:<eve@example.net> RET=FULL ENVID=my+2Bid
            S: 250
            C: RCPT TO:<bob@example.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;robert@example.com
            S: 250
            C: RCPT TO:<ann@example.com> NOTIFY=FAILURE
            S: 250
            C: DATA
            S: 354
            C: Subject: hello
            C: Message-ID: <1@example.net>
            C: 
            C: body text
            C: .
            S: 250
            """);
        var (envelope, report) = queue.Taken.ShouldHaveSingleItem();
        envelope.Sender.ShouldBe("");
        envelope.Recipients.ShouldHaveSingleItem().Address.ShouldBe("eve@example.net");
        report.ShouldContain("Subject: Your message was delivered\r\n");
        report.ShouldContain("Original-Envelope-Id: my+2Bid\r\nReporting-MTA: dns; mx.example.com\r\n");
        report.ShouldContain("Original-Recipient: rfc822;robert@example.com\r\nFinal-Recipient: rfc822; bob@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n");
        report.ShouldNotContain("ann@example.com");
        report.ShouldNotContain("Remote-MTA");
        report.ShouldContain("Subject: hello");
        report.ShouldNotContain("body text");
    }

    [Fact]
    public async Task Where_senders_elsewhere_cannot_be_told_the_server_before_keeps_that_duty()
    {
        await using var server = await SmtpServer.StartAsync();
        foreach (var (door, hello) in new[] { (SmtpDoor.Lmtp, "LHLO x"), (SmtpDoor.Intake, "EHLO x") })
        {
            var client = server.Connect(door);
            await client.ReplyAsync();
            (await client.DoAsync(hello)).ShouldNotContain("DSN");
        }
    }

    [Fact]
    public async Task A_sender_of_this_server_gets_the_report_into_the_mailbox_and_who_asked_for_nothing_none()
    {
        await using var server = await SmtpServer.StartAsync();
        foreach (var wish in new[] { " NOTIFY=SUCCESS", "", " NOTIFY=NEVER" })
        {
            await SendAsync(await server.EnterAsync(SmtpDoor.Submission), "ann@example.com", $"<bob@example.com>{wish}", wish);
        }

        (await server.InboxAsync(server.Bob)).Count.ShouldBe(3);
        var report = (await server.InboxAsync(server.Ann)).ShouldHaveSingleItem();
        report.ShouldContain("To: ann@example.com\r\n");
        report.ShouldContain("Action: delivered\r\n");
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_reported_once_and_the_null_sender_hears_nothing()
    {
        var queue = new RememberingQueue();
        await using var server = await SmtpServer.StartAsync(outbound: queue);
        for (var i = 0; i < 2; i++)
        {
            await SendAsync(await server.EnterAsync(SmtpDoor.Lmtp), "eve@example.net", "<bob@example.com> NOTIFY=SUCCESS", "same");
        }

        await SendAsync(await server.EnterAsync(SmtpDoor.Lmtp), "", "<bob@example.com> NOTIFY=SUCCESS", "bounce");
        queue.Taken.Count.ShouldBe(1);
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_full_queue_does_not_keep_the_message_from_being_taken()
    {
        await using var server = await SmtpServer.StartAsync(outbound: new RememberingQueue { IsFull = true });
        await SendAsync(await server.EnterAsync(SmtpDoor.Lmtp), "eve@example.net", "<bob@example.com> NOTIFY=SUCCESS", "full");
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_ledger_says_how_a_message_came_and_where_it_is()
    {
        await using var server = await SmtpServer.StartAsync(outbound: new RememberingQueue());
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await SendAsync(client, "eve@example.net", "<bob@example.com> NOTIFY=SUCCESS", "one");
        var last = (await server.Store.RecentLedgerAsync(10, CancellationToken.None)).ShouldHaveSingleItem();
        var rows = await server.Store.ReadLedgerAsync(last.TraceId, CancellationToken.None);
        rows.Select(r => (r.Stage, r.Detail)).ShouldBe(
        [
            ("committed", "bob@example.com, by LMTP from eve@example.net at 127.0.0.1: INBOX, UID 1"), ("reported", "delivered, to eve@example.net"),
        ]);
        Encoding.Latin1.GetBytes((await server.InboxAsync(server.Bob))[0]).ShouldNotBeEmpty();
        (await server.InboxAsync(server.Bob))[0].ShouldContain($"id {last.TraceId}");
    }

    [Fact]
    public async Task The_ledger_says_who_did_not_get_a_message_and_why()
    {
        await using var server = await SmtpServer.StartAsync(new SmtpOptions { HostName = "mx", IncomingDirectory = "", Limits = new SmtpLimits { MessageBytes = 100 } });
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync("C: MAIL FROM:<>\nS: 250\nC: RCPT TO:<bob@example.com>\nS: 250\nC: DATA\nS: 354\nC: " + new string('x', 200) + "\nC: .\nS: 552");
        (await server.Store.RecentLedgerAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Detail.ShouldBe(
            "bob@example.com, by SMTP from <> at 127.0.0.1: 552 5.3.4 A message has at most 100 bytes");
    }

    private static async Task SendAsync(SmtpClient client, string from, string to, string mark)
    {
        await client.PlayAsync($"C: MAIL FROM:<{from}>\nS: 250\nC: RCPT TO:{to}\nS: 250\nC: DATA\nS: 354\nC: Message-ID: <{mark.Trim()}@x>\nC:\nC: body\nC: .\nS: 250");
    }
}
