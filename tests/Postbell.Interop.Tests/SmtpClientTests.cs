using System.Text;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;

namespace Postbell.Interop.Tests;

/// <summary>Programs that send mail at the SMTP doors: swaks, curl, Python's smtplib.</summary>
[Collection(nameof(MailOffice))]
public sealed class SmtpClientTests(MailOffice office)
{
    [Fact]
    public async Task Python_smtplib_says_what_may_be_said_and_what_may_not()
    {
        var mark = Mark();
        var person = office.Server.Ready.Person("1003");
        var run = await SmtpScript.RunAsync(
            "smtplib_session.py", $"{office.Submission}", $"{office.Intake}", $"{office.Lmtp}", office.LmtpSocket, office.Server.CertificateFile, person.User, person.Password, mark);
        run.ShouldSucceed().Output.ShouldContain("all right");

        // What was said to be taken is there, once, and nothing else.
        Encoding.UTF8.GetString((await office.WaitForAsync("1004", $"{mark} utf8")).Content).ShouldBe("Grüße\r\n");
        Encoding.UTF8.GetString((await office.WaitForAsync("1004", $"{mark} chunked")).Content).ShouldBe(".\r\n..\r\nend\r\n");
        Encoding.UTF8.GetString((await office.WaitForAsync("1004", $"{mark} pipelined")).Content).ShouldBe(".\r\n..\r\n");
        (await office.CountAsync("1004", mark)).ShouldBe(5);
        (await office.CountAsync("1005", mark)).ShouldBe(3);
    }

    [Theory]
    [InlineData("--tls", "PLAIN")]
    [InlineData("--tls", "LOGIN")]
    [InlineData("--tls-on-connect", "PLAIN")]
    public async Task Swaks_submits_with_a_password_within_TLS(string tls, string mechanism)
    {
        var mark = Mark();
        var person = office.Server.Ready.Person("1003");
        var port = tls == "--tls" ? office.Submission : office.Submissions;
        string[] arguments =
        [
            "--server", $"127.0.0.1:{port}", tls, "--auth", mechanism, "--auth-user", person.User, "--auth-password", person.Password, "--pipeline",
            "--from", "1003@example.test", "--to", "1004@example.test,1005@example.test", "--header", $"Subject: {mark}", "--body", "hello",
        ];
        (await MailOffice.SwaksAsync(arguments)).ShouldSucceed();
        (await office.WaitForAsync("1004", mark)).Header("Received").ShouldNotBeNull().ShouldContain("with ESMTPSA");
        await office.WaitForAsync("1005", mark);
    }

    [Theory]
    [InlineData("wrong password", "535 5.7.8")]
    [InlineData("no TLS", "AUTH")]
    [InlineData("other sender", "553 5.7.1")]
    public async Task Swaks_is_refused(string what, string answer)
    {
        var person = office.Server.Ready.Person("1003");
        string[] arguments =
        [
            "--server", $"127.0.0.1:{office.Submission}", "--auth", "PLAIN", "--auth-user", person.User, "--auth-password", what == "wrong password" ? "wrong" : person.Password,
            "--from", what == "other sender" ? "1004@example.test" : "1003@example.test", "--to", "bob@partner.test", .. what == "no TLS" ? Array.Empty<string>() : ["--tls"],
        ];
        var run = await MailOffice.SwaksAsync(arguments);
        run.ExitCode.ShouldNotBe(0);
        (run.Output + run.Errors).ShouldContain(answer);
    }

    [Fact]
    public async Task Nobody_relays_through_the_intake()
    {
        var run = await MailOffice.SwaksAsync("--server", $"127.0.0.1:{office.Intake}", "--from", "ann@partner.test", "--to", "bob@partner.test");
        run.ExitCode.ShouldBe(24, run.Output);
        run.Output.ShouldContain("550 5.7.1 Mail for other domains is not taken here");
    }

    [Theory]
    [InlineData("smtp")]
    [InlineData("smtps")]
    public async Task Curl_submits(string scheme)
    {
        var mark = Mark();
        var person = office.Server.Ready.Person("1003");
        var file = Path.Combine(office.Server.DataFolder, mark);
        await File.WriteAllTextAsync(file, $"From: 1003@example.test\r\nTo: carol@partner.test\r\nSubject: {mark}\r\n\r\nhello\r\n.\r\n..end\r\n");
        var port = scheme == "smtp" ? office.Submission : office.Submissions;
        string[] arguments =
        [
            "-sS", "--max-time", "30", $"{scheme}://localhost:{port}/client.partner.test", "--resolve", $"localhost:{port}:127.0.0.1", "--ssl-reqd", "--cacert", office.Server.CertificateFile,
            "-u", $"{person.User}:{person.Password}", "--mail-from", "1003@example.test", "--mail-rcpt", "carol@partner.test", "--mail-rcpt", "1004@example.test", "-T", file,
        ];
        (await ExternalProgram.RunAsync("curl", arguments, TimeSpan.FromSeconds(60))).ShouldSucceed();
        Encoding.UTF8.GetString((await office.WaitForAsync("1004", mark)).Content).ShouldBe("hello\r\n.\r\n..end\r\n");
        Encoding.UTF8.GetString((await office.Postfix.WaitForAsync("carol", mark)).Content).ShouldBe("hello\r\n.\r\n..end\r\n");
    }

    private static string Mark() => $"mark-{Guid.NewGuid():N}";
}
