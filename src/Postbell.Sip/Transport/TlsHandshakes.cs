using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Transport;

/// <summary>A connection inside TLS.</summary>
/// <param name="Stream">Reads and writes.</param>
/// <param name="Identity">Who the peer is; null where no certificate was asked for.</param>
internal readonly record struct SecuredStream(SslStream Stream, SipPeerIdentity? Identity);

/// <summary>Makes TLS of TCP connections, in both directions, within limits. What fails is counted by reason and never answered.</summary>
internal sealed partial class TlsHandshakes(SipTlsOptions options, SipStack stack, ILogger log)
{
    private const byte HandshakeRecord = 0x16;
    private static readonly CipherSuitesPolicy? s_ciphers = OperatingSystem.IsLinux() ? ForwardSecretCiphers() : null;

    private readonly TurnLimit _limit = new(options.MaxHandshakes, options.MaxHandshakesPerAddress);
    private readonly TimeProvider _time = stack.Wheel.Time;

    /// <summary>False when peers cannot be told from each other, so that none may be called.</summary>
    public bool CanConnect => options.Authorities is not null;

    /// <summary>True when a peer that is a stranger by its address may be known by its certificate.</summary>
    public bool MayProve(SipTransport transport) => transport == SipTransport.Tls && options.Authorities is not null;

    /// <summary>
    /// The server's side. Null when there was no TLS to be had, which counts towards the ban of a stranger. Certificates are asked for on the TLS port alone:
    /// a browser has none.
    /// </summary>
    public async Task<SecuredStream?> AcceptAsync(Socket socket, SipDestination peer, CancellationToken closing)
    {
        var remote = peer.EndPoint;
        using var turn = _limit.Enter(remote.Address);
        if (turn is null)
        {
            Count(SipTlsFailure.TooMany, remote);
            return null;
        }

        var authorities = MayProve(peer.Transport) ? options.Authorities!.Invoke() : null;
        var check = new PeerCertificateCheck(authorities, _time.GetUtcNow());
        var spoke = false;
        var secured = await RunAsync(socket, remote, check, turn.Displaced, closing, async (stream, token) =>
        {
            var begins = await BeginsTlsAsync(socket, token);
            spoke = true;
            if (!begins)
            {
                return SipTlsFailure.NotTls;
            }

            await stream.AuthenticateAsServerAsync(ServerOptions(check, authorities), token);
            return null;
        });
        if (secured.Failure is { } failure && IsStrangers(failure, spoke))
        {
            stack.OnFailedConnection(new SipPeer(remote, peer.Transport));
        }

        return secured.Stream;
    }

    /// <summary>The client's side, with our certificate. Null when the peer is not who it should be, or there was no TLS to be had.</summary>
    public async Task<SecuredStream?> ConnectAsync(Socket socket, IPEndPoint remote, string? serverName, CancellationToken closing)
    {
        var check = new PeerCertificateCheck(options.Authorities!.Invoke(), _time.GetUtcNow()) { ServerName = serverName, ServerAddress = remote.Address };
        var secured = await RunAsync(socket, remote, check, CancellationToken.None, closing, async (stream, token) =>
        {
            await stream.AuthenticateAsClientAsync(ClientOptions(check, serverName ?? remote.Address.ToString()), token);
            return null;
        });
        return secured.Stream;
    }

    /// <summary>
    /// What only somebody does who has no business here. A certificate of our authority that ran out is a gateway's, and limits of ours are not the peer's
    /// fault; nor is a connection that was opened and closed again without a byte, as load balancers do to see whether we live.
    /// </summary>
    private static bool IsStrangers(SipTlsFailure failure, bool spoke) => failure switch
    {
        SipTlsFailure.Displaced or SipTlsFailure.TooMany or SipTlsFailure.ExpiredCertificate => false,
        SipTlsFailure.PeerClosed => spoke,
        _ => true,
    };

    private async Task<(SecuredStream? Stream, SipTlsFailure? Failure)> RunAsync(
        Socket socket,
        IPEndPoint remote,
        PeerCertificateCheck check,
        CancellationToken displaced,
        CancellationToken closing,
        Func<SslStream, CancellationToken, Task<SipTlsFailure?>> shake)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(closing, displaced, timeout.Token);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        SipTlsFailure? failure;
        try
        {
            failure = await shake(stream, limit.Token);
            if (failure is null)
            {
                stack.Statistics.CountTlsHandshake();
                return (new SecuredStream(stream, check.Identity), null);
            }
        }
        catch (OperationCanceledException)
        {
            failure = closing.IsCancellationRequested ? SipTlsFailure.PeerClosed : displaced.IsCancellationRequested ? SipTlsFailure.Displaced : SipTlsFailure.Timeout;
        }
        catch (AuthenticationException)
        {
            failure = check.Failure ?? SipTlsFailure.Refused;
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            failure = check.Failure ?? SipTlsFailure.PeerClosed;
        }

        Count(failure.Value, remote);
        await stream.DisposeAsync();
        return (null, failure);
    }

    /// <summary>Waits for the first byte without taking it, so that who speaks something else, or nothing, costs next to nothing.</summary>
    private static async Task<bool> BeginsTlsAsync(Socket socket, CancellationToken cancellation)
    {
        var first = new byte[1];
        var received = await socket.ReceiveAsync(first, SocketFlags.Peek, cancellation);
        return received == 0 ? throw new IOException("closed before the first byte") : first[0] == HandshakeRecord;
    }

    private SslServerAuthenticationOptions ServerOptions(PeerCertificateCheck check, X509Certificate2Collection? authorities) => new()
    {
        ServerCertificateContext = options.Certificate(),
        ClientCertificateRequired = authorities is not null,
        RemoteCertificateValidationCallback = check.Validate,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CipherSuitesPolicy = s_ciphers,
        AllowRenegotiation = false,
        // A resumed session would outlive a change of certificate or authorities.
        AllowTlsResume = false,
    };

    private SslClientAuthenticationOptions ClientOptions(PeerCertificateCheck check, string target) => new()
    {
        TargetHost = target,
        ClientCertificateContext = options.Certificate(),
        RemoteCertificateValidationCallback = check.Validate,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CipherSuitesPolicy = s_ciphers,
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    [SupportedOSPlatform("linux")]
    private static CipherSuitesPolicy ForwardSecretCiphers() => new(
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]);

    private void Count(SipTlsFailure failure, IPEndPoint remote)
    {
        stack.Statistics.CountTlsFailure(failure);
        LogFailed(remote, failure);
    }

    [LoggerMessage(25, LogLevel.Debug, "The TLS handshake with {Remote} failed: {Failure}")]
    private partial void LogFailed(IPEndPoint remote, SipTlsFailure failure);
}
