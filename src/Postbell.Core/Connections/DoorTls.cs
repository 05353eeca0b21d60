using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Postbell.Core.Connections;

/// <summary>The server's side of TLS on a connection that began in the clear, as pipes again. IMAP and the SMTP doors go over to it alike.</summary>
public sealed class DoorTls
{
    private readonly SslStream _stream;

    private DoorTls(SslStream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>What the client says within TLS.</summary>
    public PipeReader Input { get; }

    /// <summary>What it is told within TLS.</summary>
    public PipeWriter Output { get; }

    /// <summary>Shakes hands (TLS 1.2 or 1.3, no certificate of the client). Null when it failed; the connection is of no use then.</summary>
    /// <param name="transport">The connection below; stays the caller's.</param>
    /// <param name="certificate">Ours.</param>
    /// <param name="patience">How long the client has.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closed">Ends when the connection does.</param>
    public static async Task<DoorTls?> BeginAsync(IDuplexPipe transport, X509Certificate2 certificate, TimeSpan patience, TimeProvider time, CancellationToken closed)
    {
        var stream = new SslStream(new DuplexPipeStream(transport), leaveInnerStreamOpen: true);
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closed);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, ClientCertificateRequired = false,
        };
        try
        {
            await stream.AuthenticateAsServerAsync(options, either.Token).ConfigureAwait(false);
            return new DoorTls(stream);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Says the end within TLS, so that a client can tell it from a connection that was cut. No read may be pending (<see cref="PendingRead"/>).</summary>
    public async ValueTask EndAsync()
    {
        try
        {
            await _stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException)
        {
            // No one is there to be told.
        }

        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
