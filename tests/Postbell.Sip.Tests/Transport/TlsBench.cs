using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Postbell.Sip.Messages;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Transport;

/// <summary>One authority for all tests of the project, and endpoints that trust it.</summary>
internal static class TlsBench
{
    public static TestAuthority Authority { get; } = new();

    /// <summary>Good for both loopback addresses.</summary>
    public static X509Certificate2 Certificate { get; } = Authority.Issue(["localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);

    public static SipTlsOptions Options(X509Certificate2? certificate = null, X509Certificate2Collection? trust = null)
    {
        var context = Context(certificate ?? Certificate);
        return new SipTlsOptions { Certificate = () => context, Authorities = () => trust ?? Authority.Trust };
    }

    public static SslStreamCertificateContext Context(X509Certificate2 certificate) => SslStreamCertificateContext.Create(certificate, [], offline: true);

    public static Task<Loopback> StartAsync(Func<SipTlsOptions, SipTlsOptions>? change = null, Func<SipEndpointOptions, SipEndpointOptions>? options = null) =>
        Loopback.StartAsync(SipTransport.Tls, change: o =>
        {
            o = o with { Tls = change?.Invoke(Options()) ?? Options() };
            return options?.Invoke(o) ?? o;
        });

    public static async Task WaitForFailureAsync(this Loopback server, SipTlsFailure failure)
    {
        for (var i = 0; i < 500 && server.Endpoint.Statistics.TlsFailures.All(f => f.Failure != failure); i++)
        {
            await Task.Delay(10);
        }

        server.Endpoint.Statistics.TlsFailures.Select(f => f.Failure).ShouldContain(failure);
    }

    public static string Options(string id, string viaParameters = "", int viaPort = 5999) => SipBench.Lines(
        $"""
        OPTIONS sip:5000@127.0.0.1 SIP/2.0
        Via: SIP/2.0/TLS 127.0.0.1:{viaPort};branch=z9hG4bKtls{id}{viaParameters}
        Max-Forwards: 70
        From: <sip:a@127.0.0.1>;tag=t{id}
        To: <sip:5000@127.0.0.1>
        Call-ID: tls-{id}
        CSeq: 1 OPTIONS
        Content-Length: 0
        """);

    public static Task<SipResponse> AskAsync(this Loopback from, SipDestination to)
    {
        var uri = SipUri.Create(null, to.EndPoint);
        return from.Endpoint.SendAsync(SipRequest.Create(SipMethods.Options, uri, new NameAddress(uri)), to);
    }
}

/// <summary>A peer that speaks TLS by the framework's own client.</summary>
internal sealed class TlsPeer : IAsyncDisposable
{
    private readonly SslStream _stream;
    private string _pending = "";

    private TlsPeer(SslStream stream) => _stream = stream;

    public SslProtocols Protocol => _stream.SslProtocol;

    public X509Certificate2 ServerCertificate => X509CertificateLoader.LoadCertificate(_stream.RemoteCertificate!.GetRawCertData());

    public static async Task<TlsPeer> ConnectAsync(IPEndPoint to, X509Certificate2? certificate = null, Action<SslClientAuthenticationOptions>? change = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificateContext = certificate is null ? null : TlsBench.Context(certificate),
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        };
        change?.Invoke(options);
        try
        {
            await stream.AuthenticateAsClientAsync(options).WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        return new TlsPeer(stream);
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next message's head; empty when the connection ended.</summary>
    public async Task<string> ReadMessageAsync()
    {
        var buffer = new byte[4096];
        while (!_pending.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            try
            {
                var length = await _stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
                if (length == 0)
                {
                    return "";
                }

                _pending += Encoding.UTF8.GetString(buffer, 0, length);
            }
            catch (IOException)
            {
                return "";
            }
        }

        var end = _pending.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var head = _pending[..end];
        _pending = _pending[end..];
        return head;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
