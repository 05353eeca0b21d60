using System.Text;
using Postbell.Smtp.Tests.Support;

namespace Postbell.Smtp.Tests.Session;

/// <summary>Mail of the organization's mail server, by LMTP and SMTP.</summary>
public sealed class IntakeTests
{
    private const string Text = "From: x@example.net\r\nMessage-ID: <1@example.net>\r\nSubject: hello\r\n\r\nBody\r\n";

    [Fact]
    public async Task Lmtp_replies_for_each_recipient_and_the_message_is_there()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await client.PlayAsync(
            """
            C: MAIL FROM:<x@example.net> SIZE=100 BODY=8BITMIME
            S: 250 2.1.0
            C: RCPT TO:<ann@example.com>
            S: 250 2.1.5
            C: RCPT TO:<nobody@example.com>
            S: 550 5.1.1
            C: RCPT TO:<Bob+lists@EXAMPLE.com>
            S: 250 2.1.5
            C: DATA
            S: 354
            """);
        await client.SendAsync(Text + "..dot\r\n.\r\n");
        (await client.ReplyAsync()).ShouldStartWith("250 2.0.0 Stored");
        (await client.ReplyAsync()).ShouldStartWith("250 2.0.0 Stored");
        (await client.DoAsync("QUIT")).ShouldStartWith("221");
        (await client.ReplyAsync()).ShouldBe("closed");
        var message = (await server.InboxAsync(server.Ann)).ShouldHaveSingleItem();
        message.ShouldStartWith("Return-Path: <x@example.net>\r\nReceived: from client.example.net ([127.0.0.1])\r\n\tby mx.example.com with LMTP id ");
        message.ShouldEndWith("Body\r\n.dot\r\n");
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Commands_and_text_that_come_at_once_are_answered_in_order()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.SendAsync(
            "MAIL FROM:<>\r\nRCPT TO:<ann@example.com>\r\nBDAT 10\r\nSubject: aBDAT 4 LAST\r\n\r\n\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n" + Text + ".\r\nQUIT\r\n");
        foreach (var start in new[] { "250 2.1.0", "250 2.1.5", "250 2.0.0 10 bytes", "250 2.0.0 Stored", "250 2.1.0", "250 2.1.5", "354", "250 2.0.0", "221", "closed" })
        {
            (await client.ReplyAsync()).ShouldStartWith(start);
        }

        var message = (await server.InboxAsync(server.Ann)).ShouldHaveSingleItem();
        message.ShouldContain("with ESMTP id");
        message.ShouldContain("\tfor <ann@example.com>;");
        message.ShouldEndWith("Subject: a\r\n\r\n");
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_sent_again_because_the_reply_was_lost_is_there_once()
    {
        await using var server = await SmtpServer.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var client = await server.EnterAsync(SmtpDoor.Lmtp);
            await client.SendAsync("MAIL FROM:<x@example.net>\r\nRCPT TO:<ann@example.com>\r\nRCPT TO:<a.nobody@example.com>\r\nDATA\r\n" + Text + ".\r\n");
            for (var reply = 0; reply < 6; reply++)
            {
                (await client.ReplyAsync())[0].ShouldBeOneOf('2', '3');
            }
        }

        (await server.InboxAsync(server.Ann)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_long_message_lies_in_a_file_and_arrives_whole()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        var body = new StringBuilder();
        while (body.Length < 3_000_000)
        {
            body.Append(body.Length).Append(" is a line of a long message\r\n");
        }

        await client.PlayAsync("C: MAIL FROM:<x@example.net>\nS: 250\nC: RCPT TO:<ann@example.com>\nS: 250\nC: DATA\nS: 354");
        await client.SendAsync(Text + body);
        await client.SendAsync(".\r\n");
        (await client.ReplyAsync()).ShouldStartWith("250 2.0.0");
        (await server.InboxAsync(server.Ann)).ShouldHaveSingleItem().ShouldEndWith(Text + body);
        System.IO.Directory.EnumerateFiles(server.Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_and_after()
    {
        await using var server = await SmtpServer.StartAsync(SmtpServer.Plain with { Limits = new SmtpLimits { MessageBytes = 1000, Hops = 5 } });
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await client.PlayAsync(
            $"""
            C: MAIL FROM:<x@example.net> SIZE=1001
            S: 552 5.3.4
            C: MAIL FROM:<x@example.net>
            S: 250
            C: RCPT TO:<ann@example.com>
            S: 250
            C: DATA
            S: 354
            C: {new string('x', 999)}
            C: {new string('x', 999)}
            C: .
            S: 552 5.3.4
            C: BDAT 5000000
            S: 503 5.5.1
            S: closed
            """);
        (await server.InboxAsync(server.Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_mailbox_is_said_before_the_message_comes()
    {
        await using var server = await SmtpServer.StartAsync(quota: new Mailbox.MailboxQuota { MessageLimit = 1, StorageLimit = 10_000 });
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await client.PlayAsync("C: MAIL FROM:<x@example.net> SIZE=10001\nS: 250\nC: RCPT TO:<ann@example.com>\nS: 552 5.2.2\nC: RSET\nS: 250");
        const string envelope = "C: MAIL FROM:<x@example.net>\nS: 250\nC: RCPT TO:<ann@example.com>\n";
        await client.PlayAsync(envelope + "S: 250\nC: DATA\nS: 354\nC: Subject: x\nC: \nC: .\nS: 250");
        await client.PlayAsync(envelope + "S: 552 5.2.2");
    }

    [Fact]
    public async Task A_message_that_goes_in_a_circle_is_stopped()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync("C: MAIL FROM:<x@example.net>\nS: 250\nC: RCPT TO:<ann@example.com>\nS: 250\nC: DATA\nS: 354");
        await client.SendAsync(string.Concat(Enumerable.Repeat("Received: from a by b; now\r\n", 50)) + Text + ".\r\n");
        (await client.ReplyAsync()).ShouldStartWith("554 5.4.6");
        (await server.InboxAsync(server.Ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failing_store_is_said_and_nothing_is_promised()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await client.PlayAsync("C: MAIL FROM:<x@example.net>\nS: 250\nC: RCPT TO:<ann@example.com>\nS: 250\nC: RCPT TO:<bob@example.com>\nS: 250");
        await server.Store.DeleteAccountAsync(server.Ann.Id, CancellationToken.None);
        await client.PlayAsync("C: DATA\nS: 354\nC: Subject: x\nC: \nC: .\nS: 550 5.1.1\nS: 250 2.0.0");
    }

    [Theory]
    [InlineData(SmtpDoor.Lmtp)]
    [InlineData(SmtpDoor.Intake)]
    public async Task Strangers_are_not_listened_to(SmtpDoor door)
    {
        await using var server = await SmtpServer.StartAsync();
        var client = server.Connect(door, "192.0.2.7");
        (await client.ReplyAsync()).ShouldStartWith("554 5.7.1");
        (await client.ReplyAsync()).ShouldBe("closed");
        server.Statistics.RefusedConnections.ShouldBe(1);
    }

    [Theory]
    [InlineData("user@example.net")]
    [InlineData("ann%example.net@example.org")]
    [InlineData("\"ann@example.com\"@example.net")]
    [InlineData("@example.com:ann@example.net")]
    [InlineData("ann@[127.0.0.1]")]
    [InlineData("example.net!ann@example.org")]
    [InlineData("ann@example.com.example.net")]
    public async Task Nobody_can_relay_through_the_intake(string recipient)
    {
        await using var server = await SmtpServer.StartAsync(outbound: new RememberingQueue());
        var client = await server.EnterAsync(SmtpDoor.Intake);
        (await client.DoAsync("MAIL FROM:<ann@example.com>")).ShouldStartWith("250");
        (await client.DoAsync($"RCPT TO:<{recipient}>")).ShouldStartWith("550 5.7.1");
        (await client.DoAsync("DATA")).ShouldStartWith("503");
    }

    [Fact]
    public async Task Who_is_here_is_not_told()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        (await client.DoAsync("VRFY ann")).ShouldStartWith("252");
        (await client.DoAsync("EXPN all")).ShouldStartWith("502");
    }

    [Fact]
    public async Task Addresses_beyond_ascii_need_smtputf8()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        var recipient = "RCPT TO:<" + Encoding.Latin1.GetString("änn@example.com"u8) + ">";
        (await client.DoAsync("MAIL FROM:<x@example.net>")).ShouldStartWith("250");
        (await client.DoAsync(recipient)).ShouldStartWith("553 5.6.7");
        (await client.DoAsync("RSET")).ShouldStartWith("250");
        (await client.DoAsync("MAIL FROM:<x@example.net> SMTPUTF8")).ShouldStartWith("250");
        (await client.DoAsync(recipient)).ShouldStartWith("250");
    }
}
