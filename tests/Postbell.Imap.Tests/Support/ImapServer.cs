using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox;
using Postbell.SignIn;
using Postbell.TestKit;

namespace Postbell.Imap.Tests.Support;

/// <summary>The IMAP door on a real store in an empty folder, reached through pipes. Ann (1001) and Bob (1002) have mailboxes.</summary>
internal sealed class ImapServer : IAsyncDisposable
{
    public const string Password = "correct horse";

    private static readonly Lazy<X509Certificate2> TestCertificate = new(MakeCertificate);

    private readonly TemporaryDirectory _folder;
    private readonly ImapConnectionHandler _handler;
    private readonly SignInGuard _guard;
    private readonly List<ImapClient> _clients = [];

    private ImapServer(TemporaryDirectory folder, MailStore store, ImapOptions options, TimeProvider time, ILoggerFactory log, SignInGuard guard, Account ann, Account bob)
    {
        _folder = folder;
        Store = store;
        Ann = ann;
        Bob = bob;
        _guard = guard;
        _handler = new ImapConnectionHandler(store, options, Statistics, new SignInDesk(store, guard), time, log);
    }

    public MailStore Store { get; }

    /// <summary>Where the store keeps everything.</summary>
    public string DataDirectory => _folder;

    public Account Ann { get; }

    public Account Bob { get; }

    public ImapStatistics Statistics { get; } = new();

    public ImapConnectionHandler Handler => _handler;

    public static X509Certificate2 Certificate => TestCertificate.Value;

    public static ImapOptions Plain { get; } = new() { AllowPlaintextLogin = true };

    public static async Task<ImapServer> StartAsync(ImapOptions? options = null, TimeProvider? time = null, ILoggerFactory? log = null, TimeSpan longestDelay = default, MailboxQuota? quota = null)
    {
        var folder = new TemporaryDirectory();
        time ??= TimeProvider.System;
        var store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = folder, PasswordIterations = 1000, QuotaOf = _ => quota ?? MailboxQuota.Unlimited }, time, NullLoggerFactory.Instance, CancellationToken.None);
        var ann = await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann", Password = Password }, CancellationToken.None);
        var bob = await store.CreateAccountAsync(new NewAccount { UserName = "bob", DisplayName = "Bob", Password = Password }, CancellationToken.None);
        var guard = await SignInGuard.OpenAsync(
            store, new SignInLimits { LongestDelay = longestDelay }, (_, _) => SignInRule.Password, time, NullLoggerFactory.Instance, CancellationToken.None);
        return new ImapServer(folder, store, options ?? Plain, time, log ?? NullLoggerFactory.Instance, guard, ann, bob);
    }

    /// <summary>A server, one client signed in as Ann, and some messages in her INBOX (their subjects are 1, 2, ...).</summary>
    public static async Task<(ImapServer Server, ImapClient Client)> StartWithAnnAsync(int messages = 0, bool select = false)
    {
        var server = await StartAsync();
        for (var i = 1; i <= messages; i++)
        {
            await server.DeliverAsync(Mail.Simple($"{i}"));
        }

        return (server, await server.ConnectAsAnnAsync(select));
    }

    /// <summary>A connection on which nothing was read yet, not even the greeting.</summary>
    public ImapClient Connect(IPAddress? from = null, bool tlsFirst = false)
    {
        var toServer = new Pipe();
        var toClient = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var context = new DefaultConnectionContext(
            Guid.NewGuid().ToString("N"), new PipePair(toServer.Reader, toClient.Writer), new PipePair(toClient.Reader, toServer.Writer));
        if (from is not null)
        {
            context.RemoteEndPoint = new IPEndPoint(from, 40000);
        }

        var client = new ImapClient(new PipePair(toClient.Reader, toServer.Writer));
        client.Serving = ServeAsync(context, toServer.Reader, toClient.Writer, tlsFirst);
        _clients.Add(client);
        return client;
    }

    /// <summary>A connection signed in as Bob.</summary>
    public async Task<ImapClient> ConnectAsBobAsync()
    {
        var client = Connect();
        await client.ReadLineAsync();
        await client.DoAsync($"LOGIN bob \"{Password}\"");
        return client;
    }

    /// <summary>A connection signed in as Ann.</summary>
    public async Task<ImapClient> ConnectAsAnnAsync(bool select = false)
    {
        var client = Connect();
        await client.ReadLineAsync();
        await client.DoAsync($"LOGIN ann \"{Password}\"");
        if (select)
        {
            await client.DoAsync("SELECT INBOX");
        }

        return client;
    }

    public Task<AppendResult> DeliverAsync(string message, string folder = FolderNames.Inbox, MessageFlags? flags = null, DateTimeOffset? date = null) =>
        Store.DeliverAsync(
            Ann.Id,
            new MailDelivery
            {
                Message = Encoding.Latin1.GetBytes(message),
                IdempotencyKey = Guid.NewGuid().ToString(),
                Folder = folder,
                Flags = flags ?? MessageFlags.None,
                InternalDate = date,
            },
            CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _handler.Dispose();
        _guard.Dispose();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ServeAsync(ConnectionContext context, PipeReader input, PipeWriter output, bool tlsFirst)
    {
        await Task.Yield();
        await (tlsFirst ? _handler.OnTlsConnectedAsync(context) : _handler.OnConnectedAsync(context));
        await output.CompleteAsync();
        await input.CompleteAsync();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(120));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

internal sealed record PipePair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
