using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Postbell.Core.Connections;
using Postbell.Imap.Protocol;

namespace Postbell.Imap.Session;

/// <summary>
/// The wire side of one client: reads whole commands with their literals, writes answers with back-pressure, and goes over to TLS.
/// It knows no command but APPEND and REPLACE, whose messages are not collected.
/// </summary>
internal sealed class ImapConnection : IAsyncDisposable
{
    private readonly IDuplexPipe _transport;
    private readonly Action _abort;
    private readonly ImapOptions _options;
    private readonly TimeProvider _time;
    private readonly ClientInput _input;
    private readonly CommandBuffer _command = new();
    private readonly ITimer _writeTimer;
    private readonly CancellationToken _closed;
    private readonly long _startedAt;
    private DoorTls? _tls;
    private DeflatingStream? _deflating;
    private DeflateStream? _inflating;

    public ImapConnection(
        IDuplexPipe transport, bool encrypted, string remote, Action abort, ImapOptions options, TimeProvider time, CancellationToken closed)
    {
        _closed = closed;
        _transport = transport;
        _abort = abort;
        _options = options;
        _time = time;
        _input = new ClientInput(transport.Input, time);
        _writeTimer = time.CreateTimer(static state => ((Action)state!)(), abort, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _startedAt = time.GetTimestamp();
        Writer = new ResponseWriter(transport.Output);
        IsEncrypted = encrypted;
        Remote = remote;
    }

    public ResponseWriter Writer { get; private set; }

    public bool IsEncrypted { get; private set; }

    /// <summary>Channel binding of the TLS (RFC 5929 section 4); null without TLS.</summary>
    public byte[]? ServerEndPoint { get; private set; }

    /// <summary>True once COMPRESS was answered.</summary>
    public bool IsCompressed => _deflating is not null;

    /// <summary>The client's address, for logs and for slowing down password guessing.</summary>
    public string Remote { get; }

    /// <summary>True once someone signed in: larger commands and longer silence are allowed.</summary>
    public bool IsTrusted { get; set; }

    public ImapLimits Limits => _options.Limits;

    /// <summary>Something happened in the mailbox; from any thread.</summary>
    public void Wake() => _input.Wake();

    /// <summary>The server is shutting down; from any thread.</summary>
    public void Stop() => _input.Stop();

    /// <summary>Cuts the connection: what has been announced cannot be written any more.</summary>
    public void Abort() => _abort();

    /// <summary>Reads the next command whole; before its first byte it comes back when woken, where that is allowed. Of one that is too long, what was read is given for its tag.</summary>
    public async ValueTask<(ReadOutcome Outcome, CommandText Command)> ReadCommandAsync(bool wakeable = false)
    {
        _deflating?.Rest();
        _command.Clear();
        while (true)
        {
            var lineStart = _command.Length;
            var outcome = await _input.ReadLineAsync(_command.Writer, Limits.LineBytes, Silence(), wakeable && lineStart == 0);
            if (outcome != ReadOutcome.Complete)
            {
                return (outcome, new CommandText(_command.Memory, MessageFollows: false));
            }

            if (!EndsWithLiteral(lineStart, out var literal))
            {
                return (ReadOutcome.Complete, new CommandText(WithoutLineEnd(), MessageFollows: false));
            }

            if (IsTrusted && IsMessage())
            {
                return (ReadOutcome.Complete, new CommandText(_command.Memory, MessageFollows: true));
            }

            outcome = await ReadLiteralAsync(literal);
            if (outcome != ReadOutcome.Complete)
            {
                return (outcome, new CommandText(_command.Memory, MessageFollows: false));
            }
        }
    }

    /// <summary>Reads one line that is no command: a SASL answer, or DONE.</summary>
    public async ValueTask<(ReadOutcome Outcome, ReadOnlyMemory<byte> Line)> ReadLineAsync(TimeSpan? silence = null, bool wakeable = false)
    {
        _deflating?.Rest();
        _command.Clear();
        var outcome = await _input.ReadLineAsync(_command.Writer, Limits.LineBytes, silence ?? Silence(), wakeable);
        return (outcome, outcome == ReadOutcome.Complete ? WithoutLineEnd() : default);
    }

    /// <summary>Reads the line behind a message; it ends with the announcement of another message when <see cref="CommandText.MessageFollows"/>.</summary>
    public async ValueTask<(ReadOutcome Outcome, CommandText Behind)> ReadRestAsync()
    {
        _command.Clear();
        var outcome = await _input.ReadLineAsync(_command.Writer, Limits.LineBytes, Silence());
        return outcome == ReadOutcome.Complete && EndsWithLiteral(0, out _)
            ? (outcome, new CommandText(_command.Memory, MessageFollows: true))
            : (outcome, new CommandText(WithoutLineEnd(), MessageFollows: false));
    }

    /// <summary>Reads a message for APPEND into <paramref name="sink"/>, which grows as bytes come; null drops them.</summary>
    public ValueTask<ReadOutcome> ReadMessageAsync(long length, IBufferWriter<byte>? sink) => _input.ReadBytesAsync(length, sink, Silence());

    /// <summary>Tells the client that it may send what it waits with.</summary>
    public async ValueTask ContinueAsync(string text)
    {
        Writer.Raw("+ "u8).Text(text).Line();
        await FlushAsync();
    }

    /// <summary>Sends what has been written. A client that does not take it in time is cut off.</summary>
    public async ValueTask FlushAsync()
    {
        if (Writer.Unflushed == 0)
        {
            return;
        }

        Writer.Flushed();
        var flush = Writer.Output.FlushAsync(_closed);
        var waits = !flush.IsCompleted;
        if (waits)
        {
            _writeTimer.Change(_options.WriteTimeout, Timeout.InfiniteTimeSpan);
        }

        var result = await flush;
        if (waits)
        {
            _writeTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        if (result.IsCompleted)
        {
            throw new ClientGoneException();
        }
    }

    /// <summary>Flushes when much has been written, so that a long answer leaves as it is made.</summary>
    public ValueTask FlushIfManyAsync() => Writer.Unflushed > 32 * 1024 ? FlushAsync() : ValueTask.CompletedTask;

    /// <summary>What the client has sent in the clear behind STARTTLS is no command: someone else may have put it there.</summary>
    public void DropBuffered() => _input.DropBuffered();

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
        Writer = new ResponseWriter(tls.Output);
        IsEncrypted = true;
        return true;
    }

    /// <summary>Compresses from here on, both ways; everything must have been flushed. Bytes that came already are compressed ones.</summary>
    public void StartDeflate()
    {
        _inflating = new DeflateStream(_input.Pipe.AsStream(leaveOpen: true), CompressionMode.Decompress, leaveOpen: true);
        _deflating = new DeflatingStream(Writer.Output.AsStream(leaveOpen: true));
        _input.Replace(PipeReader.Create(_inflating, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)));
        Writer = new ResponseWriter(PipeWriter.Create(_deflating, new StreamPipeWriterOptions(leaveOpen: true))) { Utf8 = Writer.Utf8 };
    }

    public async ValueTask DisposeAsync()
    {
        await _input.EndAsync(_transport.Input);
        _input.Dispose();
        _deflating?.Rest();
        if (_inflating is not null)
        {
            await _inflating.DisposeAsync();
        }

        if (_tls is not null)
        {
            _writeTimer.Change(_options.WriteTimeout, Timeout.InfiniteTimeSpan);
            await _tls.EndAsync();
        }

        await _writeTimer.DisposeAsync();
    }

    private TimeSpan Silence()
    {
        if (IsTrusted)
        {
            return _options.IdleTimeout;
        }

        // Before login the whole visit is limited, so that a byte now and then does not hold a place.
        var left = _options.LoginTimeout - _time.GetElapsedTime(_startedAt);
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }

    private bool EndsWithLiteral(int lineStart, out LiteralMark literal)
    {
        literal = default;
        var line = _command.Memory.Span[lineStart..];
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        if (!line.EndsWith("}"u8))
        {
            return false;
        }

        // The line end as it must be, whatever the client sent, so that the parser sees {n}CRLF.
        _command.Writer.Write(_command.Memory.Span.EndsWith("\r"u8) ? "\n"u8 : "\r\n"u8);
        return LiteralMark.TryParseAtEnd(_command.Memory.Span[lineStart..], out literal);
    }

    private ReadOnlyMemory<byte> WithoutLineEnd()
    {
        var text = _command.Memory;
        return text.Span.EndsWith("\r\n"u8) ? text[..^2] : text.Span.EndsWith("\r"u8) ? text[..^1] : text;
    }

    private bool IsMessage()
    {
        var text = _command.Memory.Span;
        if (!CommandHead.TryParse(text, Limits, out var head, out _))
        {
            return false;
        }

        // Read just as the command will read it: where it fails there, the bytes must have been collected here.
        var reader = new CommandReader(text, Limits, head.ArgumentsAt, Writer.Utf8);
        return (head.Name == "APPEND" && !head.IsUid && AppendRequest.TryParse(ref reader, out _))
            || (head.Name == "REPLACE" && ReplaceRequest.TryParse(ref reader, out _));
    }

    private async ValueTask<ReadOutcome> ReadLiteralAsync(LiteralMark literal)
    {
        var room = (IsTrusted ? Limits.CommandBytes : Limits.CommandBytesBeforeLogin) - _command.Length;
        if (literal.Length > room)
        {
            return await RefuseLiteralAsync(literal);
        }

        if (literal.Waits)
        {
            await ContinueAsync("Go ahead");
        }

        return await _input.ReadBytesAsync(literal.Length, _command.Writer, Silence());
    }

    /// <summary>RFC 7888 section 4: what is sent unasked has to be read away, or the connection closed.</summary>
    private async ValueTask<ReadOutcome> RefuseLiteralAsync(LiteralMark literal)
    {
        if (literal.Waits)
        {
            return ReadOutcome.LiteralTooLarge;
        }

        if (!IsTrusted || literal.Length > Limits.MessageBytes)
        {
            return ReadOutcome.LiteralFlood;
        }

        var outcome = await _input.ReadBytesAsync(literal.Length, sink: null, Silence());
        if (outcome != ReadOutcome.Complete)
        {
            return outcome;
        }

        // The rest of the command, with whatever literals it still announces, belongs to what is refused.
        var rest = new ArrayBufferWriter<byte>();
        outcome = await _input.ReadLineAsync(rest, Limits.LineBytes, Silence());
        rest.Write("\n"u8);
        return outcome != ReadOutcome.Complete ? outcome
            : LiteralMark.TryParseAtEnd(rest.WrittenSpan, out var next) && !next.Waits ? ReadOutcome.LiteralFlood
            : ReadOutcome.LiteralTooLarge;
    }
}
