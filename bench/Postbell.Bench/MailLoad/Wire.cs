using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Postbell.Bench.MailLoad;

/// <summary>One connection, line by line, with as little work on this side as can be.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer;
    private int _start;
    private int _end;

    private Wire(int buffer) => _buffer = new byte[buffer];

    public static async Task<Wire> ConnectAsync(IPEndPoint server, int buffer = 64 * 1024, IPAddress? from = null)
    {
        var wire = new Wire(buffer);
        if (from is not null)
        {
            wire._socket.Bind(new IPEndPoint(from, 0));
        }

        await wire._socket.ConnectAsync(server);
        return wire;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>The next line without its end; it is valid until the next read. A line longer than the buffer is an error.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        var looked = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + at);
                _start += looked + at + 1;
                return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
            }

            looked = _end - _start;
            await FillAsync();
        }
    }

    public async ValueTask SkipAsync(int bytes)
    {
        while (bytes > 0)
        {
            if (_start == _end)
            {
                await FillAsync();
            }

            var some = Math.Min(bytes, _end - _start);
            _start += some;
            bytes -= some;
        }
    }

    /// <summary>Length of the literal a line announces at its end, or -1.</summary>
    public static int LiteralLength(ReadOnlySpan<byte> line)
    {
        var open = line.Length > 2 && line[^1] == '}' ? line.LastIndexOf((byte)'{') : -1;
        return open >= 0 && int.TryParse(line[(open + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : -1;
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = _end < _buffer.Length ? await _socket.ReceiveAsync(_buffer.AsMemory(_end)) : throw new InvalidOperationException("a line is too long");
        _end += count > 0 ? count : throw new EndOfStreamException("the server closed the connection");
    }
}
