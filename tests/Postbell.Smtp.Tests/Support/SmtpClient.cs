using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using Postbell.Core;

namespace Postbell.Smtp.Tests.Support;

/// <summary>The other side of a connection: sends what a test says, gives what comes. Characters are bytes (Latin-1).</summary>
internal sealed class SmtpClient(IDuplexPipe pipe) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Stream _stream = new DuplexPipeStream(pipe);
    private StreamReader _lines = new(new DuplexPipeStream(pipe), Encoding.Latin1);

    /// <summary>Ends when the server has let go of the connection.</summary>
    public Task Serving { get; set; } = Task.CompletedTask;

    public async Task SendAsync(string text)
    {
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
            await _stream.FlushAsync();
        }
        catch (InvalidOperationException)
        {
            // The server has closed: what it said before is still to be read.
        }
    }

    /// <summary>One reply, lines of a longer one joined by " | "; "closed" when the server closed.</summary>
    public async Task<string> ReplyAsync()
    {
        var all = new List<string>();
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            all.Add(line);
            if (line.Length < 4 || line[3] != '-')
            {
                return string.Join(" | ", all);
            }
        }

        return "closed";
    }

    /// <summary>Sends a line and gives the reply.</summary>
    public async Task<string> DoAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>Plays a dialogue: <c>C: </c> is sent with CRLF, <c>S: </c> is how the next reply begins.</summary>
    public async Task PlayAsync(string dialogue)
    {
        foreach (var line in dialogue.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("C:", StringComparison.Ordinal))
            {
                await SendAsync((line.Length > 3 ? line[3..] : "") + "\r\n");
            }
            else
            {
                (await ReplyAsync()).ShouldStartWith(line[3..]);
            }
        }
    }

    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: true, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Patience);
        _stream = tls;
        _lines = new StreamReader(tls, Encoding.Latin1);
    }

    /// <summary>Sends no more; what the server still says can be read.</summary>
    public ValueTask EndAsync() => pipe.Output.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        await Serving.WaitAsync(Patience);
    }
}
