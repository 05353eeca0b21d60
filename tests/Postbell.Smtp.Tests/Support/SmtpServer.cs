using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.SignIn;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Support;

/// <summary>The SMTP doors on a real store in an empty folder, reached through pipes. Ann and Bob have mailboxes.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string Password = "correct horse";

    private static readonly Lazy<X509Certificate2> TestCertificate = new(MakeCertificate);

    private readonly TemporaryDirectory _folder;
    private readonly SignInGuard _guard;
    private readonly List<SmtpClient> _clients = [];

    private SmtpServer(TemporaryDirectory folder, MailStore store, SmtpOptions options, TimeProvider time, Account ann, Account bob, IOutboundQueue? outbound, SignInGuard guard, DistributionGroup[]? groups)
    {
        _folder = folder;
        (Store, Ann, Bob) = (store, ann, bob);
        _guard = guard;
        var book = new AddressBook(
            ["example.com"],
            [new MailRecipient(ann.Id, "ann@example.com", ["a.nobody@example.com", "änn@example.com"]), new MailRecipient(bob.Id, "bob@example.com", [])],
            "bob@example.com", groups);
        Handler = new SmtpConnectionHandler(
            store, () => book, outbound, options with { IncomingDirectory = Path.Combine(folder, "incoming") }, Statistics, new SignInDesk(store, guard), time, NullLoggerFactory.Instance);
    }

    public static SmtpOptions Plain { get; } = new() { HostName = "mx.example.com", IncomingDirectory = "", AllowPlaintextLogin = true };

    public static X509Certificate2 Certificate => TestCertificate.Value;

    public MailStore Store { get; }

    public Account Ann { get; }

    public Account Bob { get; }

    public SmtpStatistics Statistics { get; } = new();

    public SmtpConnectionHandler Handler { get; }

    public string Incoming => Path.Combine(_folder, "incoming");

    public static async Task<SmtpServer> StartAsync(SmtpOptions? options = null, TimeProvider? time = null, IOutboundQueue? outbound = null, MailboxQuota? quota = null,
        DistributionGroup[]? groups = null, Func<Account, MailboxQuota>? quotaOf = null)
    {
        var folder = new TemporaryDirectory();
        time ??= TimeProvider.System;
        var store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = folder, PasswordIterations = 1000, QuotaOf = quotaOf ?? (_ => quota ?? MailboxQuota.Unlimited) }, time, NullLoggerFactory.Instance, CancellationToken.None);
        var ann = await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann", Password = Password }, CancellationToken.None);
        var bob = await store.CreateAccountAsync(new NewAccount { UserName = "bob", DisplayName = "Bob", Password = Password }, CancellationToken.None);
        var guard = await SignInGuard.OpenAsync(
            store, new SignInLimits { LongestDelay = TimeSpan.Zero }, (_, _) => SignInRule.Password, time, NullLoggerFactory.Instance, CancellationToken.None);
        return new SmtpServer(folder, store, options ?? Plain, time, ann, bob, outbound, guard, groups);
    }

    /// <summary>A connection on which nothing was read yet, not even the greeting.</summary>
    public SmtpClient Connect(SmtpDoor door, string from = "127.0.0.1", bool tlsFirst = false)
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var context = new DefaultConnectionContext(
            Guid.NewGuid().ToString("N"), new PipePair(toServer.Reader, toClient.Writer), new PipePair(toClient.Reader, toServer.Writer))
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(from), 40000),
        };
        var client = new SmtpClient(new PipePair(toClient.Reader, toServer.Writer));
        client.Serving = ServeAsync(context, door, toServer.Reader, toClient.Writer, tlsFirst);
        _clients.Add(client);
        return client;
    }

    /// <summary>A connection that has said hello, and for submission signed in as Ann.</summary>
    public async Task<SmtpClient> EnterAsync(SmtpDoor door)
    {
        var client = Connect(door);
        (await client.ReplyAsync()).ShouldStartWith("220 ");
        (await client.DoAsync(door == SmtpDoor.Lmtp ? "LHLO client.example.net" : "EHLO client.example.net")).ShouldStartWith("250");
        if (door == SmtpDoor.Submission)
        {
            var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0ann\0{Password}"));
            (await client.DoAsync("AUTH PLAIN " + secret)).ShouldStartWith("235");
        }

        return client;
    }

    /// <summary>All messages in somebody's INBOX, as text (bytes are characters).</summary>
    public async Task<IReadOnlyList<string>> InboxAsync(Account account)
    {
        var view = await Store.OpenMailboxAsync(account.Id, CancellationToken.None);
        var inbox = await view.FindFolderAsync(FolderNames.Inbox, CancellationToken.None);
        var all = new List<string>();
        foreach (var message in await view.ReadMessagesAsync(inbox!.Id, [new UidRange(1, uint.MaxValue)], CancellationToken.None))
        {
            all.Add(Encoding.Latin1.GetString((await view.ReadContentAsync(message, CancellationToken.None)).Span));
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _guard.Dispose();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ServeAsync(ConnectionContext context, SmtpDoor door, PipeReader input, PipeWriter output, bool tlsFirst)
    {
        await Task.Yield();
        await (tlsFirst ? Handler.ServeTlsAsync(context) : Handler.ServeAsync(context, door));
        await output.CompleteAsync();
        await input.CompleteAsync();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(120));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

internal sealed record PipePair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
