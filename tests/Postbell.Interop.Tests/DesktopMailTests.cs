using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests;

/// <summary>Mail programs keep content and flags in step with the server, both ways. They have a server of their own, each a person of it.</summary>
public sealed class DesktopMailTests(DesktopMailTests.OwnServer own) : IClassFixture<DesktopMailTests.OwnServer>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TemporaryDirectory _folder = new();

    private PostbellServer Server => own.Server;

    private string Host => Server.Ready.Imap.Address.ToString();

    private string Port => $"{Server.Ready.Imap.Port}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Thunderbird_reads_marks_files_and_hears_of_new_mail()
    {
        var person = Server.Ready.Person("1001");
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "mail-clients", "thunderbird_session.py"), Host, Port, person.User, person.Password, _folder.Path];
        (await ExternalProgram.RunAsync("/usr/bin/python3", arguments, Limit)).ShouldSucceed().Output.ShouldContain("all right");
    }

    [Fact]
    public async Task Offlineimap_carries_messages_folders_and_flags_both_ways()
    {
        var person = Server.Ready.Person("1002");
        var mail = _folder.File("mail");
        var configuration = _folder.File("offlineimaprc");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            [general]
            accounts = postbell
            metadata = {_folder.File("metadata")}
            [Account postbell]
            localrepository = local
            remoterepository = remote
            [Repository local]
            type = Maildir
            localfolders = {mail}
            [Repository remote]
            type = IMAP
            remotehost = {Host}
            remoteport = {Port}
            remoteuser = {person.User}
            remotepass = {person.Password}
            ssl = no
            starttls = no
            auth_mechanisms = LOGIN

            """);
        async Task SyncAsync() =>
            (await ExternalProgram.RunAsync("offlineimap", ["-c", configuration, "-o", "-u", "basic"], Limit, _folder.Path, ("HOME", _folder.Path))).ShouldSucceed();
        await using var mailbox = await ImapConnection.LogInAsync(Server.Ready.Imap, person);
        await mailbox.CommandAsync("CREATE work/inner");
        await AppendAsync(mailbox, "work/inner", "deep", "\\Seen");
        await KeepsInStepAsync(mailbox, SyncAsync, Path.Combine(mail, "INBOX"));
        MaildirFile(Path.Combine(mail, "work.inner"), "deep").ShouldEndWith(",S");
    }

    [Fact]
    public async Task Mbsync_carries_messages_and_flags_both_ways()
    {
        var person = Server.Ready.Person("1003");
        var inbox = Directory.CreateDirectory(_folder.File("mail/INBOX")).FullName;
        var configuration = _folder.File("mbsyncrc");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            IMAPAccount remote
            Host {Host}
            Port {Port}
            User {person.User}
            Pass "{person.Password}"
            SSLType None
            AuthMechs LOGIN

            IMAPStore remote
            Account remote

            MaildirStore local
            Path {_folder.File("mail")}/
            Inbox {inbox}
            SubFolders Verbatim

            Channel all
            Far :remote:
            Near :local:
            Patterns INBOX
            Create Both
            Expunge Both
            SyncState *

            """);
        async Task SyncAsync() => (await ExternalProgram.RunAsync("mbsync", ["-c", configuration, "all"], Limit, _folder.Path, ("HOME", _folder.Path))).ShouldSucceed();
        await using var mailbox = await ImapConnection.LogInAsync(Server.Ready.Imap, person);
        await KeepsInStepAsync(mailbox, SyncAsync, inbox);
    }

    [Fact]
    public async Task Mutt_marks_and_removes_messages()
    {
        var person = Server.Ready.Person("1004");
        await using var mailbox = await ImapConnection.LogInAsync(Server.Ready.Imap, person);
        await AppendAsync(mailbox, "INBOX", "kept", "");
        await AppendAsync(mailbox, "INBOX", "removed", "");
        var configuration = _folder.File("muttrc");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            set folder="imap://{Host}:{Port}/"
            set imap_user="{person.User}"
            set imap_pass="{person.Password}"
            set spoolfile=+INBOX
            set ssl_starttls=no ssl_force_tls=no imap_check_subscribed=no wait_key=no delete=yes quit=yes mark_old=no
            set header_cache=

            """);
        const string Commands = "push \"<limit>~s kept\\n<flag-message><limit>~s removed\\n<delete-message><limit>all\\n<sync-mailbox><quit>\"";
        string[] arguments = ["-qec", $"mutt -F '{configuration}' -e '{Commands}'", "/dev/null"];
        var run = await ExternalProgram.RunAsync("script", arguments, Limit, _folder.Path, ("TERM", "xterm"), ("HOME", _folder.Path));
        (await mailbox.SearchAsync("SUBJECT removed")).ShouldBeEmpty(run.Output + run.Errors);
        (await mailbox.SearchAsync("SUBJECT kept FLAGGED")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Curl_reads_a_message_over_TLS_from_the_first_byte_and_appends_one()
    {
        await using var server = await PostbellServer.PrepareAsync();
        var port = LocalPorts.Run(1);
        await server.LaunchWithAsync(
            $"  listen: [\"{server.Ready.Sip}\"]",
            """
              dialPlans:
                - name: Demo
                  numberOfDigitsInExtension: 4
              gateways:
                - name: Loopback
                  address: loopback
                  dialPlan: Demo
            """,
            $"\"127.0.0.1:{port}\"");
        var person = server.Ready.Person("1005");
        var message = _folder.File("message.eml");
        await File.WriteAllTextAsync(message, "From: me@example.org\r\nSubject: by curl\r\n\r\nsent over TLS\r\n");
        Task<ProgramResult> CurlAsync(params string[] arguments) => ExternalProgram.RunAsync(
            "curl", ["-sS", "--max-time", "30", "--cacert", server.CertificateFile, "--resolve", $"localhost:{port}:127.0.0.1", "-u", $"{person.User}:{person.Password}", .. arguments], Limit);
        (await CurlAsync($"imaps://localhost:{port}/INBOX", "-T", message)).ShouldSucceed();
        (await CurlAsync($"imaps://localhost:{port}/INBOX;MAILINDEX=1")).ShouldSucceed().Output.ShouldContain("sent over TLS");
    }

    /// <summary>Messages and flags of the server come to the Maildir, those of the Maildir to the server, and what one side removes the other loses.</summary>
    private static async Task KeepsInStepAsync(ImapConnection mailbox, Func<Task> syncAsync, string maildir)
    {
        await AppendAsync(mailbox, "INBOX", "one", "\\Flagged");
        await AppendAsync(mailbox, "INBOX", "two", "");
        await AppendAsync(mailbox, "INBOX", "three", "");
        await syncAsync();
        var one = MaildirFile(maildir, "one");
        one.ShouldEndWith(",F");
        (await File.ReadAllTextAsync(one)).ShouldContain("text of one");

        // Here: read, removed, and a new one. There: answered.
        var two = MaildirFile(maildir, "two");
        File.Move(two, Path.Combine(maildir, "cur", Path.GetFileName(two).Split(":2,")[0] + ":2,RS"));
        File.Delete(MaildirFile(maildir, "three"));
        await File.WriteAllTextAsync(Path.Combine(maildir, "cur", "1700000000.own.local:2,S"), "From: me@example.org\nSubject: own\nMessage-ID: <own@example.org>\n\ntext of own\n");
        await mailbox.CommandAsync("SELECT INBOX");
        await mailbox.CommandAsync("STORE 1 FLAGS.SILENT (\\Answered \\Seen)");
        await syncAsync();
        await syncAsync();
        (await mailbox.SearchAsync("SUBJECT two SEEN ANSWERED")).Count.ShouldBe(1);
        (await mailbox.SearchAsync("SUBJECT three UNDELETED")).ShouldBeEmpty();
        var own = await mailbox.SearchAsync("SUBJECT own SEEN");
        own.Count.ShouldBe(1);
        (await mailbox.FetchAsync(own[0])).Text.ShouldContain("text of own");
        MaildirFile(maildir, "one").ShouldEndWith(",RS");

        await mailbox.CommandAsync("STORE 1 +FLAGS.SILENT (\\Deleted)");
        await mailbox.CommandAsync("EXPUNGE");
        await syncAsync();
        Directory.GetFiles(maildir, "*", SearchOption.AllDirectories).ShouldNotContain(f => IsMessage(f) && File.ReadAllText(f).Contains("Subject: one", StringComparison.Ordinal));
    }

    private static async Task AppendAsync(ImapConnection mailbox, string folder, string subject, string flags)
    {
        var message = $"From: bob@example.org\r\nSubject: {subject}\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <{subject}@example.org>\r\n\r\ntext of {subject}\r\n";
        await mailbox.CommandAsync($"APPEND {folder} ({flags}) {{{message.Length}+}}\r\n{message}");
    }

    private static string MaildirFile(string maildir, string subject) => Directory.GetFiles(maildir, "*", SearchOption.AllDirectories)
        .Single(f => IsMessage(f) && File.ReadAllText(f).Contains($"Subject: {subject}\n", StringComparison.Ordinal));

    private static bool IsMessage(string file) => Path.GetFileName(Path.GetDirectoryName(file)) is "cur" or "new";

    /// <summary>The server of these programs.</summary>
    public sealed class OwnServer : IAsyncLifetime
    {
        public PostbellServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await PostbellServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
