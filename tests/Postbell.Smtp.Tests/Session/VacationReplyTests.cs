using Postbell.Mailbox;
using Postbell.Smtp.Tests.Support;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Session;

/// <summary>Automatic replies of people who are away: who gets one, who must not, and how often (RFC 3834).</summary>
public class VacationReplyTests
{
    private static readonly Vacation s_away = new() { Enabled = true, Text = "Back on Monday.\nSønke helps." };

    [Fact]
    public async Task A_sender_elsewhere_gets_one_reply_with_the_null_sender()
    {
        var queue = new RememberingQueue();
        await using var server = await SmtpServer.StartAsync(outbound: queue);
        await server.Store.SetVacationAsync(server.Ann.Id, s_away, CancellationToken.None);
        for (var i = 0; i < 2; i++)
        {
            await DeliverAsync(server, "eve@example.net", $"To: Ann <ann@example.com>\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <{i}@example.net>");
        }

        var (envelope, reply) = queue.Taken.ShouldHaveSingleItem();
        envelope.Sender.ShouldBe("");
        envelope.Recipients.ShouldHaveSingleItem().Address.ShouldBe("eve@example.net");
        reply.ShouldContain("From: Ann <ann@example.com>\r\nTo: eve@example.net\r\nSubject: =?utf-8?");
        reply.ShouldContain("\r\nAuto-Submitted: auto-replied (vacation)\r\n");
        reply.ShouldContain("\r\nIn-Reply-To: <0@example.net>\r\nReferences: <0@example.net>\r\n");
        reply.ShouldContain("Back on Monday.");
        (await server.InboxAsync(server.Ann)).Count.ShouldBe(2);
        server.Statistics.AutomaticReplies.ShouldBe(1);
    }

    [Theory]
    [InlineData("eve@example.net", "To: ann@example.com\nAuto-Submitted: auto-generated")]
    [InlineData("eve@example.net", "To: ann@example.com\nList-Id: <l.example.net>")]
    [InlineData("eve@example.net", "To: ann@example.com\nPrecedence: bulk")]
    [InlineData("eve@example.net", "To: ann@example.com\nX-Auto-Response-Suppress: DR, OOF")]
    [InlineData("eve@example.net", "To: ann@example.com\nContent-Class: voice-CA")]
    [InlineData("eve@example.net", "To: everybody@example.net")]
    [InlineData("eve@example.net", "Subject: to nobody")]
    [InlineData("MAILER-DAEMON@example.net", "To: ann@example.com")]
    [InlineData("list-request@example.net", "To: ann@example.com")]
    [InlineData("owner-list@example.net", "To: ann@example.com")]
    [InlineData("a.nobody@example.com", "To: ann@example.com")]
    [InlineData("", "To: ann@example.com")]
    public async Task Programs_lists_and_mail_for_others_get_no_reply(string sender, string header)
    {
        var queue = new RememberingQueue();
        await using var server = await SmtpServer.StartAsync(outbound: queue);
        await server.Store.SetVacationAsync(server.Ann.Id, s_away, CancellationToken.None);
        await DeliverAsync(server, sender, header);
        queue.Taken.ShouldBeEmpty();
        (await server.InboxAsync(server.Ann)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_colleague_gets_the_reply_into_the_mailbox_and_nobody_answers_that_one()
    {
        await using var server = await SmtpServer.StartAsync();
        await server.Store.SetVacationAsync(server.Ann.Id, s_away with { Subject = "Away" }, CancellationToken.None);
        await server.Store.SetVacationAsync(server.Bob.Id, s_away, CancellationToken.None);
        await DeliverAsync(server, "bob@example.com", "To: a.nobody+x@example.com\nSubject: hello");
        (await server.InboxAsync(server.Bob)).ShouldHaveSingleItem().ShouldContain("\r\nSubject: Away\r\n");
        (await server.InboxAsync(server.Ann)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Replies_begin_and_end_at_their_times_and_come_again_after_the_days()
    {
        var (queue, time) = (new RememberingQueue(), new ManualTime());
        await using var server = await SmtpServer.StartAsync(time: time, outbound: queue);
        var begin = time.GetUtcNow() + TimeSpan.FromHours(1);
        await server.Store.SetVacationAsync(server.Ann.Id, s_away with { From = begin, Until = begin + TimeSpan.FromDays(9) }, CancellationToken.None);
        foreach (var (hours, replies) in new[] { (0, 0), (1, 1), (100, 1), ((7 * 24) + 1, 2), (10 * 24, 2) })
        {
            time.Advance(begin + TimeSpan.FromHours(hours - 1) + TimeSpan.FromMinutes(1) - time.GetUtcNow());
            await DeliverAsync(server, "eve@example.net", $"To: ann@example.com\nMessage-ID: <{hours}@example.net>");
            queue.Taken.Count.ShouldBe(replies, $"after {hours} hours");
        }

        await server.Store.SetVacationAsync(server.Ann.Id, s_away, CancellationToken.None);
        await DeliverAsync(server, "eve@example.net", "To: ann@example.com");
        queue.Taken.Count.ShouldBe(3, "a new reply goes to everybody once");
        await server.Store.SetVacationAsync(server.Ann.Id, s_away with { Enabled = false }, CancellationToken.None);
        await DeliverAsync(server, "mia@example.net", "To: ann@example.com");
        queue.Taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_queue_that_is_full_holds_no_message_up()
    {
        await using var server = await SmtpServer.StartAsync(outbound: new RememberingQueue { IsFull = true });
        await server.Store.SetVacationAsync(server.Ann.Id, s_away, CancellationToken.None);
        await DeliverAsync(server, "eve@example.net", "To: ann@example.com");
        (await server.InboxAsync(server.Ann)).Count.ShouldBe(1);
        server.Statistics.AutomaticReplies.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "", 7)]
    [InlineData("text", "two\nlines", 7)]
    [InlineData("text", "", 0)]
    [InlineData("text", "", 366)]
    public async Task A_reply_out_of_bounds_is_refused(string text, string subject, int days)
    {
        await using var server = await SmtpServer.StartAsync();
        var wrong = new Vacation { Enabled = true, Text = text, Subject = subject, Every = TimeSpan.FromDays(days) };
        (await Should.ThrowAsync<MailboxException>(() => server.Store.SetVacationAsync(server.Ann.Id, wrong, CancellationToken.None))).Reason.ShouldBe(MailboxFailure.InvalidVacation);
        (await server.Store.FindVacationAsync(server.Ann.Id, CancellationToken.None)).ShouldBeNull();
    }

    private static async Task DeliverAsync(SmtpServer server, string sender, string header)
    {
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        (await client.DoAsync($"MAIL FROM:<{sender}>")).ShouldStartWith("250");
        (await client.DoAsync("RCPT TO:<ann@example.com>")).ShouldStartWith("250");
        (await client.DoAsync("DATA")).ShouldStartWith("354");
        (await client.DoAsync(header.ReplaceLineEndings("\r\n") + "\r\n\r\ntext\r\n.")).ShouldStartWith("250");
    }
}
