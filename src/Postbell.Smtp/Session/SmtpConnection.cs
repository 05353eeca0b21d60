using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Postbell.Core.Connections;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Session;

/// <summary>The wire side of one client: lines and message text in, replies out (together when commands came together), and TLS.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private readonly IDuplexPipe _transport;
    private readonly SmtpOptions _options;
    private readonly TimeProvider _time;
    private readonly SmtpInput _input;
    private readonly ArrayBufferWriter<byte> _line = new(256);
    private readonly ITimer _writeTimer;
    private readonly CancellationToken _closed;
    private PipeWriter _output;
    private bool _unflushed;
    private DoorTls? _tls;

    public SmtpConnection(
        IDuplexPipe transport, bool encrypted, string remote, Action abort, SmtpOptions options, TimeProvider time, CancellationToken closed)
    {
        (_transport, _options, _time, _closed, _output) = (transport, options, time, closed, transport.Output);
        _input = new SmtpInput(transport.Input, time);
        _writeTimer = time.CreateTimer(static state => ((Action)state!)(), abort, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        IsEncrypted = encrypted;
        Remote = remote;
    }

    public bool IsEncrypted { get; private set; }

    /// <summary>Channel binding of the TLS (RFC 5929 section 4); null without TLS.</summary>
    public byte[]? ServerEndPoint { get; private set; }

    /// <summary>The client's address.</summary>
    public string Remote { get; }

    /// <summary>True when the client has sent more than was read.</summary>
    public bool HasMore => _input.HasMore();

    /// <summary>The server is shutting down; from any thread.</summary>
    public void Stop() => _input.Stop();

    /// <summary>Reads one line without its CRLF; valid until the next one.</summary>
    public async ValueTask<(ReadOutcome Outcome, ReadOnlyMemory<byte> Line)> ReadLineAsync(int limit, TimeSpan patience)
    {
        var outcome = await _input.ReadLineAsync(_line, limit, patience, FlushAsync);
        return (outcome, outcome == ReadOutcome.Complete ? _line.WrittenMemory[..^2] : default);
    }

    /// <summary>Gives the bytes that come to <paramref name="take"/>, which says how far it took them.</summary>
    public ValueTask<ReadOutcome> ReadPiecesAsync(Func<ReadOnlySequence<byte>, SequencePosition> take, TimeSpan patience) =>
        _input.ReadPiecesAsync(take, patience, FlushAsync);

    /// <summary>Writes a reply; it leaves with the next flush, at the latest before the next waiting (RFC 2920).</summary>
    public void Write(Reply reply) => WriteLine(reply.ToString());

    /// <summary>Writes a line of the server's own making.</summary>
    public void WriteLine(string text)
    {
        Encoding.ASCII.GetBytes(text, _output);
        _output.Write("\r\n"u8);
        _unflushed = true;
    }

    /// <summary>Sends what has been written. A client that does not take it in time is cut off.</summary>
    public async ValueTask FlushAsync()
    {
        if (!_unflushed)
        {
            return;
        }

        _unflushed = false;
        _writeTimer.Change(_options.WriteTimeout, Timeout.InfiniteTimeSpan);
        var result = await _output.FlushAsync(_closed);
        _writeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (result.IsCompleted)
        {
            throw new SessionEndException(ReadOutcome.Closed);
        }
    }

    /// <summary>Goes over to TLS.</summary>
    /// <returns>False when the handshake failed; the connection is of no use then.</returns>
    public async Task<bool> UpgradeToTlsAsync()
    {
        var certificate = _options.Certificate!();
        if (await DoorTls.BeginAsync(_transport, certificate, _options.LoginTimeout, _time, _closed) is not { } tls)
        {
            return false;
        }

        _tls = tls;
        ServerEndPoint = SignIn.ServerEndPoint.Of(certificate);
        _input.Replace(tls.Input);
        _output = tls.Output;
        IsEncrypted = true;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _input.EndAsync(_transport.Input);
        _input.Dispose();
        if (_tls is not null)
        {
            _writeTimer.Change(_options.WriteTimeout, Timeout.InfiniteTimeSpan);
            await _tls.EndAsync();
        }

        await _writeTimer.DisposeAsync();
    }
}
