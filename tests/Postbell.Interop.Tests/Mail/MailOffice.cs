using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Mail;

[CollectionDefinition(nameof(MailOffice))]
public sealed class MailOfficeCollection : ICollectionFixture<MailOffice>;

/// <summary>
/// A server with all its mail doors open, and Postfix beside it: mail for 1001 comes by LMTP over TCP, for 1002 by LMTP over a UNIX socket, for the others by SMTP;
/// what leaves goes to Postfix within TLS, with a password. Tests tell their messages apart by a mark in the subject.
/// </summary>
public sealed class MailOffice : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();
    private readonly int _ports = LocalPorts.Run(4);

    public CertificateAuthority Authority { get; } = new();

    public Postfix Postfix { get; } = Postfix.Prepare();

    public PostbellServer Server { get; private set; } = null!;

    public int Lmtp => _ports;

    public int Intake => _ports + 1;

    public int Submission => _ports + 2;

    public int Submissions => _ports + 3;

    public string LmtpSocket => _folder.File("lmtp");

    /// <summary>Largest message it takes.</summary>
    public static int Megabytes => 2;

    public async ValueTask InitializeAsync()
    {
        Server = await PostbellServer.StartAsync();
        (await Server.StopAsync()).ShouldBe(0, Server.Errors);
        await File.WriteAllTextAsync(_folder.File("password"), Postfix.Password);
        await Server.LaunchWithAsync($"  listen: [\"{Server.Ready.Sip}\"]", Organization, more: Sections());
        // Postfix is no member of the server's group.
        (await ExternalProgram.RunAsync("sh", ["-ec", $"chmod o+x '{_folder.Path}' && chmod o+rw '{LmtpSocket}'"], TimeSpan.FromSeconds(10))).ShouldSucceed();
        await Postfix.StartAsync(
            Authority, ("1001@example.test", $"lmtp:inet:127.0.0.1:{Lmtp}"), ("1002@example.test", $"lmtp:unix:{LmtpSocket}"),
            ("strange@example.test", $"lmtp:inet:127.0.0.1:{Lmtp}"), ("example.test", $"smtp:[127.0.0.1]:{Intake}"));
    }

    public Task<ImapConnection> OpenMailboxAsync(string number) => ImapConnection.LogInAsync(Server.Ready.Imap, Server.Ready.Person(number));

    /// <summary>The message with a mark in its subject, waited for.</summary>
    public async Task<MimePart> WaitForAsync(string number, string mark)
    {
        await using var mailbox = await OpenMailboxAsync(number);
        var uid = await Deadline.UntilAsync<object>(
            async () => await mailbox.SearchAsync($"SUBJECT \"{mark}\"") is [var one] ? one : null, TimeSpan.FromSeconds(30), $"\"{mark}\" in the mailbox of {number}; Postfix:\n{Postfix.Log}\n{Server.Errors}");
        return (await mailbox.FetchAsync((uint)uid)).Message;
    }

    /// <summary>How many messages of a mailbox hold a text.</summary>
    public async Task<int> CountAsync(string number, string text)
    {
        await using var mailbox = await OpenMailboxAsync(number);
        return (await mailbox.SearchAsync($"TEXT \"{text}\"")).Count;
    }

    /// <summary>Runs swaks, the tester of SMTP servers.</summary>
    public static Task<ProgramResult> SwaksAsync(params string[] arguments) =>
        ExternalProgram.RunAsync("swaks", [.. arguments, "--timeout", "20", "--helo", "client.partner.test"], TimeSpan.FromSeconds(60));

    /// <summary>Swaks at the door for submission, within TLS, as somebody.</summary>
    public Task<ProgramResult> SubmitAsync(string number, params string[] arguments)
    {
        var person = Server.Ready.Person(number);
        return SwaksAsync(["--server", $"127.0.0.1:{Submission}", "--tls", "--auth", "PLAIN", "--auth-user", person.User, "--auth-password", person.Password, .. arguments]);
    }

    public async ValueTask DisposeAsync()
    {
        await Postfix.DisposeAsync();
        await Server.DisposeAsync();
        Authority.Dispose();
        _folder.Dispose();
    }

    private static string Organization =>
        """
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
          gateways:
            - name: Loopback
              address: loopback
              dialPlan: Demo
        """;

    private string Sections() =>
        $"""
        mailDomain: example.test
        smtp:
          listenLmtp: ["127.0.0.1:{Lmtp}"]
          lmtpSocket: {LmtpSocket}
          listen: ["127.0.0.1:{Intake}"]
          submission: ["127.0.0.1:{Submission}"]
          submissions: ["127.0.0.1:{Submissions}"]
          maxMessageMegabytes: {Megabytes}
          outbound:
            smartHost: 127.0.0.1
            port: {Postfix.Submission}
            tls: Verified
            authorities: {Authority.CertificateFile}
            user: {Postfix.User}
            passwordFile: {_folder.File("password")}
        """;
}
