using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests;

/// <summary>Mail programs open the voice message. All use the mailbox of 1003, so they run one after the other.</summary>
public sealed class MailClientTests(SharedServer shared) : IAsyncLifetime
{
    private const string Called = "1003";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static string? s_callId;

    private readonly TemporaryDirectory _folder = new();
    private PostbellServer _server = null!;
    private DemoPerson _person = null!;

    private static string CallId => s_callId!;

    private string Host => _server.Ready.Imap.Address.ToString();

    private string Port => $"{_server.Ready.Imap.Port}";

    private string Account => $"{_person.User}:{_person.Password}";

    public async ValueTask InitializeAsync()
    {
        _server = await shared.StartedAsync();
        _person = _server.Ready.Person(Called);
        s_callId ??= await LeaveMessageAsync();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Curl_fetches_the_message()
    {
        var uid = await UidAsync();
        var got = (await CurlAsync($"imap://{Host}:{Port}/INBOX;UID={uid}")).ShouldSucceed();
        got.Output.ShouldContain($"X-CallID: {CallId}");
        (await CurlAsync($"imap://{Host}:{Port}/INBOX?ALL")).ShouldSucceed().Output.ShouldContain("SEARCH");
    }

    [Fact]
    public async Task Curl_upgrades_the_connection_with_STARTTLS()
    {
        var listed = await CurlAsync($"imap://localhost:{Port}/", "--ssl-reqd", "--cacert", _server.CertificateFile, "--resolve", $"localhost:{Port}:{Host}");
        listed.ShouldSucceed().Output.ShouldContain("INBOX");
    }

    [Fact]
    public async Task Curl_is_refused_with_a_wrong_password()
    {
        var refused = await ExternalProgram.RunAsync("curl", ["-sS", $"imap://{Host}:{Port}/", "-u", $"{_person.User}:wrong"], Limit);
        refused.ExitCode.ShouldBe(67, refused.Errors);
    }

    [Fact]
    public async Task Python_imaplib_reads_searches_appends_and_moves()
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "mail-clients", "imaplib_session.py"), Host, Port, _person.User, _person.Password, _server.CertificateFile, CallId];
        (await ExternalProgram.RunAsync("python3", arguments, Limit)).ShouldSucceed().Output.ShouldContain("all right");
    }

    [Fact]
    public async Task Mbsync_pulls_the_mailbox_and_pushes_a_local_message()
    {
        var inbox = Directory.CreateDirectory(_folder.File("mail/INBOX")).FullName;
        var configuration = _folder.File("mbsyncrc");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            IMAPAccount remote
            Host {Host}
            Port {Port}
            User {_person.User}
            Pass "{_person.Password}"
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
        (await MbsyncAsync(configuration)).ShouldSucceed();
        var files = Directory.GetFiles(inbox, "*", SearchOption.AllDirectories).Where(f => f.Contains("/cur/") || f.Contains("/new/"));
        files.ShouldContain(f => File.ReadAllText(f).Contains($"X-CallID: {CallId}"));

        var mark = Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(Path.Combine(inbox, "new", $"1700000000.{mark}.local"), $"From: me@example.org\nSubject: pushed {mark}\nMessage-ID: <{mark}@example.org>\n\nfrom the maildir\n");
        (await MbsyncAsync(configuration)).ShouldSucceed();
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        var uids = await mailbox.SearchAsync($"SUBJECT \"pushed {mark}\"");
        uids.Count.ShouldBe(1);
        (await mailbox.FetchAsync(uids[0])).Text.ShouldContain("from the maildir");
    }

    /// <summary>Cyrus SASL, on which mbsync stands, refuses more than 65,536 rounds.</summary>
    [Fact]
    public async Task Mbsync_signs_in_by_SCRAM_and_is_refused_with_a_wrong_password()
    {
        (await ListByScramAsync(_person.Password)).ShouldSucceed().Output.ShouldContain("INBOX");
        (await ListByScramAsync("wrong")).ExitCode.ShouldNotBe(0);
    }

    private async Task<ProgramResult> ListByScramAsync(string password)
    {
        var configuration = _folder.File("scramrc");
        Directory.CreateDirectory(_folder.File("scram"));
        await File.WriteAllTextAsync(
            configuration,
            $"""
            IMAPAccount remote
            Host {Host}
            Port {Port}
            User {_person.User}
            Pass "{password}"
            SSLType None
            AuthMechs SCRAM-SHA-256

            IMAPStore remote
            Account remote

            MaildirStore local
            Path {_folder.File("scram")}/
            Inbox {_folder.File("scram-inbox")}

            Channel all
            Far :remote:
            Near :local:
            Patterns *

            """);
        return await ExternalProgram.RunAsync("mbsync", ["-c", configuration, "-l", "all"], Limit, _folder.Path, ("HOME", _folder.Path));
    }

    [Fact]
    public async Task Mutt_opens_the_mailbox_and_copies_the_message_out()
    {
        var configuration = _folder.File("muttrc");
        var copy = _folder.File("copy");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            set folder="imap://{Host}:{Port}/"
            set imap_user="{_person.User}"
            set imap_pass="{_person.Password}"
            set spoolfile=+INBOX
            set ssl_starttls=no ssl_force_tls=no imap_check_subscribed=no wait_key=no confirmappend=no confirmcreate=no copy=no
            set mbox_type=mbox
            set header_cache=

            """);
        var commands = $"push \"<limit>~h {CallId}\\n<copy-message><kill-line>{copy}\\n<exit>\"";
        // script gives mutt the terminal it wants.
        string[] arguments = ["-qec", $"mutt -F '{configuration}' -e '{commands}'", "/dev/null"];
        var run = await ExternalProgram.RunAsync("script", arguments, Limit, _folder.Path, ("TERM", "xterm"), ("HOME", _folder.Path));
        File.Exists(copy).ShouldBeTrue(run.Output + run.Errors);
        (await File.ReadAllTextAsync(copy)).ShouldContain($"X-CallID: {CallId}");
    }

    private Task<ProgramResult> CurlAsync(string url, params string[] more) =>
        ExternalProgram.RunAsync("curl", ["-sS", "--max-time", "30", url, "-u", Account, .. more], Limit);

    private Task<ProgramResult> MbsyncAsync(string configuration) =>
        ExternalProgram.RunAsync("mbsync", ["-c", configuration, "all"], Limit, _folder.Path, ("HOME", _folder.Path));

    private async Task<string> LeaveMessageAsync()
    {
        await using var phone = new TestPhone(_server.Ready.Sip);
        await using var call = await phone.CallAsync(Called);
        await call.HearBeepAsync();
        await call.SpeakAsync(await Speech.SentenceAsync(1));
        await call.HangUpAsync();
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        await mailbox.WaitForCallAsync(call.CallId);
        return call.CallId;
    }

    private async Task<uint> UidAsync()
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        return (await mailbox.WaitForCallAsync(CallId)).Uid;
    }
}
