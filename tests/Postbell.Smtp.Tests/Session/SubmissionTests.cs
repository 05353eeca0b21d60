using System.Text;
using Postbell.Smtp.Tests.Support;

namespace Postbell.Smtp.Tests.Session;

/// <summary>People's mail programs.</summary>
public sealed class SubmissionTests
{
    [Fact]
    public async Task Mail_for_here_and_elsewhere_goes_both_ways()
    {
        var queue = new RememberingQueue();
        await using var server = await SmtpServer.StartAsync(outbound: queue);
        var client = await server.EnterAsync(SmtpDoor.Submission);
        await client.PlayAsync(
            """
            C: MAIL FROM:<a.nobody@example.com> RET=HDRS ENVID=a+2Bb
            S: 250
            C: RCPT TO:<bob@example.com>
            S: 250
            C: RCPT TO:<x@example.net> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+2B1@example.net
            S: 250
            C: RCPT TO:<nobody@example.com>
            S: 550 5.1.1
            C: DATA
            S: 354
            C: From: Ann <ann@example.com>
            C:
            C: Hello
            C: .
            S: 250 2.0.0
            """);
        var (envelope, content) = queue.Taken.ShouldHaveSingleItem();
        envelope.Sender.ShouldBe("a.nobody@example.com");
        envelope.Recipients.ShouldBe([new OutboundRecipient("x@example.net", DsnNotify.Success | DsnNotify.Delay, "rfc822;x+1@example.net")]);
        (envelope.EnvelopeId, envelope.Return, envelope.AccountId).ShouldBe(("a+b", DsnReturn.Headers, server.Ann.Id));
        content.ShouldStartWith("Received: from client.example.net ");
        content.ShouldContain("with ESMTPA id");
        content.ShouldContain("\r\nDate: ");
        content.ShouldContain("\r\nMessage-ID: <");
        (await server.InboxAsync(server.Bob)).ShouldHaveSingleItem().ShouldEndWith("Hello\r\n");
    }

    [Theory]
    [InlineData("bob@example.com")]
    [InlineData("ann@example.net")]
    public async Task Nobody_sends_as_someone_else(string sender)
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Submission);
        (await client.DoAsync($"MAIL FROM:<{sender}>")).ShouldStartWith("553 5.7.1");
    }

    [Fact]
    public async Task Without_signing_in_nothing_is_sent()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = server.Connect(SmtpDoor.Submission);
        await client.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<ann@example.com>\nS: 530 5.7.0\nC: RCPT TO:<ann@example.com>\nS: 503");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_the_third_ends_it()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = server.Connect(SmtpDoor.Submission);
        await client.PlayAsync("S: 220\nC: EHLO c\nS: 250");
        var wrong = Convert.ToBase64String("\0ann\0wrong"u8);
        (await client.DoAsync("AUTH PLAIN " + wrong)).ShouldStartWith("535 5.7.8");
        await client.PlayAsync($"C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5u\nS: 334 UGFzc3dvcmQ6\nC: eA==\nS: 535\nC: AUTH PLAIN\nS: 334\nC: {wrong}\nS: 535\nS: closed");
        server.Statistics.LoginFailures.ShouldBe(3);
    }

    [Fact]
    public async Task Login_works_in_both_ways_and_once()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = server.Connect(SmtpDoor.Submission);
        var password = Convert.ToBase64String(Encoding.ASCII.GetBytes(SmtpServer.Password));
        await client.PlayAsync($"S: 220\nC: EHLO c\nS: 250\nC: AUTH LOGIN YW5u\nS: 334\nC: *\nS: 501\nC: AUTH LOGIN YW5u\nS: 334\nC: {password}\nS: 235 2.7.0\nC: AUTH PLAIN\nS: 503\nC: AUTH CRAM-MD5\nS: 503");
    }

    [Fact]
    public async Task Passwords_wait_for_tls()
    {
        await using var server = await SmtpServer.StartAsync(
            SmtpServer.Plain with { AllowPlaintextLogin = false, Certificate = () => SmtpServer.Certificate });
        var client = server.Connect(SmtpDoor.Submission);
        (await client.ReplyAsync()).ShouldStartWith("220");
        (await client.DoAsync("EHLO c")).ShouldNotContain("AUTH");
        await client.PlayAsync("C: AUTH PLAIN AGFubgB4\nS: 538 5.7.11\nC: STARTTLS\nS: 220 2.0.0");
        await client.StartTlsAsync();
        await client.PlayAsync("C: MAIL FROM:<ann@example.com>\nS: 503 5.5.1 Say EHLO first");
        var offered = await client.DoAsync("EHLO c");
        offered.ShouldContain("AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN");
        offered.ShouldNotContain("STARTTLS");
        (await client.DoAsync("AUTH PLAIN " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0ann\0{SmtpServer.Password}")))).ShouldStartWith("235");
    }

    [Fact]
    public async Task Tls_may_come_first()
    {
        await using var server = await SmtpServer.StartAsync(SmtpServer.Plain with { Certificate = () => SmtpServer.Certificate });
        var client = server.Connect(SmtpDoor.Submission, tlsFirst: true);
        await client.StartTlsAsync();
        await client.PlayAsync("S: 220\nC: EHLO c\nS: 250");
    }

    [Fact]
    public async Task A_full_queue_is_said_and_no_queue_refuses_the_recipient()
    {
        await using var server = await SmtpServer.StartAsync(outbound: new RememberingQueue { IsFull = true });
        var client = await server.EnterAsync(SmtpDoor.Submission);
        await client.PlayAsync("C: MAIL FROM:<ann@example.com>\nS: 250\nC: RCPT TO:<x@example.net>\nS: 250\nC: DATA\nS: 354\nC: .\nS: 452 4.3.1");
        await using var alone = await SmtpServer.StartAsync();
        client = await alone.EnterAsync(SmtpDoor.Submission);
        await client.PlayAsync("C: MAIL FROM:<ann@example.com>\nS: 250\nC: RCPT TO:<x@example.net>\nS: 550 5.7.1");
    }
}
