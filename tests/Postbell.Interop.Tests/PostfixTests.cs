using System.Text;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;

namespace Postbell.Interop.Tests;

/// <summary>Postfix as the organization's mail server, on both sides.</summary>
[Collection(nameof(MailOffice))]
public sealed class PostfixTests(MailOffice office)
{
    [Theory]
    [InlineData("1001", "LMTPS")]
    [InlineData("1002", "LMTP")]
    [InlineData("1003", "ESMTPS")]
    public async Task Postfix_delivers_by_LMTP_over_TCP_and_a_socket_and_by_SMTP(string number, string protocol)
    {
        var mark = Mark();
        (await FromOutsideAsync(number, mark)).ShouldSucceed();
        var mail = await office.WaitForAsync(number, mark);
        mail.Header("Return-Path").ShouldBe("<ann@partner.test>");
        mail.Header("Received").ShouldNotBeNull().ShouldContain($"by example.test with {protocol} id ");
        mail.Header("Received").ShouldNotBeNull().ShouldContain($"for <{number}@example.test>");
        Text(mail).ShouldBe($".one dot\r\n..two dots\r\n.\r\nend of {mark}");
    }

    [Fact]
    public async Task Mail_for_nobody_is_refused_to_Postfix_which_bounces_it_and_the_others_get_theirs()
    {
        var mark = Mark();
        (await FromOutsideAsync("1001", mark, "strange@example.test", "1003@example.test")).ShouldSucceed();
        await office.WaitForAsync("1001", mark);
        await office.WaitForAsync("1003", mark);
        var bounce = await office.Postfix.WaitForAsync("ann", mark);
        bounce.Header("From").ShouldNotBeNull().ShouldContain("MAILER-DAEMON");
        Encoding.UTF8.GetString(bounce.Content).ShouldSatisfyAllConditions(
            text => text.ShouldContain("Final-Recipient: rfc822; strange@example.test"),
            text => text.ShouldContain("Action: failed"),
            text => text.ShouldContain("Status: 5.1.1"),
            text => text.ShouldContain("550 5.1.1 Nobody here has this address"));
    }

    [Fact]
    public async Task Postfix_takes_our_mail_within_TLS_with_a_password()
    {
        var mark = Mark();
        (await office.SubmitAsync("1001", "--from", "1001@example.test", "--to", "bob@partner.test", "--header", $"Subject: {mark}", "--body", "hello")).ShouldSucceed();
        var mail = await office.Postfix.WaitForAsync("bob", mark);
        mail.Header("Return-Path").ShouldBe("<1001@example.test>");
        mail.Header("Received").ShouldNotBeNull().ShouldContain("with ESMTPSA");
        var id = await LedgerIdAsync("bob@partner.test");
        var steps = (await office.Server.CommandAsync("trace", id)).ShouldSucceed().Output;
        steps.ShouldContain("queued");
        steps.ShouldContain("bob@partner.test by 127.0.0.1:" + office.Postfix.Submission);
        steps.ShouldContain(" queued as ");
        (await office.Server.CommandAsync("doctor")).Output.ShouldContain($"127.0.0.1:{office.Postfix.Submission} takes mail within TLS");
    }

    [Fact]
    public async Task Whom_Postfix_does_not_know_our_report_tells_the_sender()
    {
        var mark = Mark();
        (await office.SubmitAsync("1002", "--from", "1002@example.test", "--to", "nobody@partner.test", "--header", $"Subject: {mark}")).ShouldSucceed();
        var report = await office.WaitForAsync("1002", "could not be delivered");
        report.Header("Auto-Submitted").ShouldBe("auto-replied");
        report.All.Select(p => p.MediaType).ShouldBe(["multipart/report", "text/plain", "message/delivery-status", "text/rfc822-headers"]);
        var text = string.Join('\n', report.All.Skip(1).Select(p => Encoding.UTF8.GetString(p.Content)));
        text.ShouldContain("Final-Recipient: rfc822; nobody@partner.test");
        text.ShouldContain("Diagnostic-Code: smtp; 550 5.1.1 <nobody@partner.test>: Recipient address rejected");
        text.ShouldContain($"Subject: {mark}");
    }

    [Fact]
    public async Task A_sender_elsewhere_hears_from_us_that_the_message_is_in_the_mailbox()
    {
        // Postfix leaves that to us, since the LMTP door offers DSN; the report goes out through Postfix again.
        var mark = Mark();
        (await SmtpScript.RunAsync("notify.py", $"{office.Postfix.Smtp}", "bob@partner.test", "1001@example.test", mark)).ShouldSucceed();
        await office.WaitForAsync("1001", mark);
        var report = await office.Postfix.WaitForAsync("bob", $"Original-Envelope-Id: {mark}");
        report.Header("From").ShouldNotBeNull().ShouldContain("postbell@example.test");
        report.Header("Return-Path").ShouldBe("<>");
        var text = string.Join('\n', report.All.Skip(1).Select(p => Encoding.UTF8.GetString(p.Content)));
        text.ShouldContain("Original-Recipient: rfc822;1001@example.test\r\nFinal-Recipient: rfc822; 1001@example.test\r\nAction: delivered");
        (await office.Server.CommandAsync("trace")).Output.ShouldContain("delivered, to bob@partner.test");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_looks_like_two_arrives_as_one(bool isOwnText)
    {
        // What a mail server with loose line ends takes for the end of the message stands in it, with the dots doubled as it must be.
        var mark = Mark();
        var smuggled = isOwnText ? $"before\r\n.\r\nMAIL FROM:<ceo@example.test>\r\nRCPT TO:<carol@partner.test>\r\nDATA\r\nX-Mark: {mark} smuggled\r\n\r\nx" : $"before\r\n.\r\nbehind {mark}";
        (await office.SubmitAsync("1003", "--from", "1003@example.test", "--to", "carol@partner.test", "--header", $"Subject: {mark}", "--body", smuggled)).ShouldSucceed();
        var mail = await office.Postfix.WaitForAsync("carol", mark);
        Text(mail).ShouldBe(smuggled);
        office.Postfix.Messages("carol").Count(m => Encoding.UTF8.GetString(m).Contains(mark)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_would_smuggle_a_message_behind_a_false_end_is_cut_off_and_nothing_arrives()
    {
        var mark = Mark();
        foreach (var end in new[] { "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r" })
        {
            var run = await SmtpScript.RunAsync("smuggle.py", $"{office.Intake}", "1003@example.test", mark, Convert.ToHexString(Encoding.ASCII.GetBytes(end)));
            run.ShouldSucceed().Output.ShouldContain("cut off");
        }

        (await office.CountAsync("1003", mark)).ShouldBe(0);
    }

    // Swaks ends its messages with empty lines.
    private static string Text(MimePart mail) => Encoding.UTF8.GetString(mail.Content).TrimEnd();

    private static string Mark() => $"mark-{Guid.NewGuid():N}";

    private Task<ProgramResult> FromOutsideAsync(string number, string mark, params string[] more) => MailOffice.SwaksAsync(
        "--server", $"127.0.0.1:{office.Postfix.Smtp}", "--from", "ann@partner.test", "--to", string.Join(',', more.Prepend($"{number}@example.test")), "--header", $"Subject: {mark}",
        "--body", $".one dot\n..two dots\n.\nend of {mark}");

    private async Task<string> LedgerIdAsync(string recipient)
    {
        var rows = (await office.Server.CommandAsync("trace")).ShouldSucceed().Output.Split('\n');
        return rows.First(r => r.Contains(recipient)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0].Trim('│', '|');
    }
}
