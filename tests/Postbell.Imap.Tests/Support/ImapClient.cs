using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using System.Text.RegularExpressions;
using Postbell.Core;

namespace Postbell.Imap.Tests.Support;

/// <summary>The other side of a connection: sends what a test says, and compares what comes. Characters are bytes (Latin-1).</summary>
internal sealed class ImapClient(IDuplexPipe pipe) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Stream _stream = new DuplexPipeStream(pipe);
    private StreamLines _lines = new(new DuplexPipeStream(pipe));
    private int _tag;

    /// <summary>Ends when the server has let go of the connection.</summary>
    public Task Serving { get; set; } = Task.CompletedTask;

    /// <summary>Bytes the server has sent that no test has read; only before TLS.</summary>
    public long Unread
    {
        get
        {
            if (!pipe.Input.TryRead(out var read))
            {
                return 0;
            }

            pipe.Input.AdvanceTo(read.Buffer.Start);
            return read.Buffer.Length;
        }
    }

    public async Task SendAsync(string text)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        await _stream.FlushAsync();
    }

    /// <summary>One line without its CRLF; null when the server closed.</summary>
    public Task<string?> ReadLineAsync() => _lines.ReadLineAsync().WaitAsync(Patience);

    /// <summary>
    /// Plays a dialogue: <c>C: </c> is sent with CRLF, <c>S: </c> must be what comes next; <c>...</c> stands for anything in a line.
    /// </summary>
    public async Task PlayAsync(string dialogue)
    {
        foreach (var line in dialogue.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("C: ", StringComparison.Ordinal))
            {
                await SendAsync(line[3..] + "\r\n");
            }
            else
            {
                line.ShouldStartWith("S:");
                var wanted = line.Length > 3 ? line[3..] : "";
                var came = await ReadLineAsync();
                Matches(wanted, came).ShouldBeTrue($"wanted: {wanted}\ncame:   {came ?? "(closed)"}");
            }
        }
    }

    /// <summary>Sends a command that must end well; gives the untagged lines.</summary>
    public async Task<IReadOnlyList<string>> DoAsync(string command)
    {
        var (lines, end) = await TryAsync(command);
        end.ShouldStartWith("OK", customMessage: command);
        return lines;
    }

    /// <summary>Sends a command; gives the untagged lines and the tagged one without its tag.</summary>
    public async Task<(IReadOnlyList<string> Lines, string End)> TryAsync(string command)
    {
        var tag = "t" + (++_tag).ToString(CultureInfo.InvariantCulture);
        await SendAsync($"{tag} {command}\r\n");
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLineAsync();
            if (line is null)
            {
                throw new EndOfStreamException($"Closed during {command}; before: {string.Join(" | ", lines)}");
            }

            if (line.StartsWith(tag + " ", StringComparison.Ordinal))
            {
                return (lines, line[(tag.Length + 1)..]);
            }

            lines.Add(line);
        }
    }

    /// <summary>Appends a message to a folder.</summary>
    public Task<IReadOnlyList<string>> AppendAsync(string folder, string message) =>
        DoAsync($"APPEND {folder} {{{message.Length}+}}\r\n{message}");

    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: true, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Patience);
        _stream = tls;
        _lines = new StreamLines(tls);
    }

    /// <summary>Compresses from here on, both ways; every byte before must have been read.</summary>
    public void StartDeflate()
    {
        var inner = _stream;
        _stream = new DeflateStream(inner, CompressionLevel.Fastest, leaveOpen: true);
        _lines = new StreamLines(new DeflateStream(inner, CompressionMode.Decompress, leaveOpen: true));
    }

    public Task CloseAsync() => pipe.Output.CompleteAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        await Serving.WaitAsync(Patience);
    }

    private static bool Matches(string wanted, string? came) =>
        came is not null
        && Regex.IsMatch(came, "^" + Regex.Escape(wanted).Replace(@"\.\.\.", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline | RegexOptions.NonBacktracking);

    /// <summary>Lines of a stream, bytes as characters.</summary>
    private sealed class StreamLines(Stream stream)
    {
        private readonly byte[] _buffer = new byte[16 * 1024];
        private int _from;
        private int _to;

        public async Task<string?> ReadLineAsync()
        {
            var line = new StringBuilder();
            while (true)
            {
                while (_from < _to)
                {
                    var c = (char)_buffer[_from++];
                    if (c == '\n')
                    {
                        return line.ToString().TrimEnd('\r');
                    }

                    line.Append(c);
                }

                _from = 0;
                _to = await stream.ReadAsync(_buffer);
                if (_to == 0)
                {
                    return null;
                }
            }
        }
    }
}
