using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postbell.TestKit;

/// <summary>A mail server for tests: it takes what comes, or answers as the test says. It reads strictly: only CRLF ends a line, only CRLF.CRLF a message.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    public SmtpSink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Words of the EHLO answer.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = ["PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING"];

    /// <summary>Answers to a command (without CRLF), or to <c>.</c> for the end of a message; null gives the usual one, an empty text closes the connection.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    /// <summary>Offers STARTTLS with it.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Sent in clear behind the answer to STARTTLS.</summary>
    public string Injected { get; set; } = "";

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<SinkMessage> Messages { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
            }
        }
        catch (Exception) when (_closing.IsCancellationRequested)
        {
            // A listener that is stopped says so in several ways.
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await new Session(this, client.GetStream(), _closing.Token).RunAsync();
            }
            catch (Exception ended) when (_closing.IsCancellationRequested || ended is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client went, or the test is over.
            }
        }
    }

    private sealed class Session(SmtpSink sink, Stream stream, CancellationToken cancellation)
    {
        private Stream _stream = stream;
        private string _from = "";
        private List<string> _to = [];
        private bool _isProtected;

        public async Task RunAsync()
        {
            var isOpen = await SayAsync(sink.Answer("(greeting)") ?? "220 sink.example.net ESMTP");
            while (isOpen && await ReadLineAsync() is { } line)
            {
                sink.Commands.Enqueue(line);
                isOpen = await HandleAsync(line, line.Split(' ')[0].ToUpperInvariant());
            }
        }

        private async Task<bool> HandleAsync(string line, string verb)
        {
            var special = sink.Answer(line);
            switch (verb)
            {
                case "EHLO" when special is null:
                    var words = sink.Certificate is null || _isProtected ? sink.Extensions : [.. sink.Extensions, "STARTTLS"];
                    return await SayAsync(string.Join("\r\n", words.Prepend("sink.example.net").Select((w, i) => $"250{(i == words.Count ? ' ' : '-')}{w}")));
                case "STARTTLS" when special is null:
                    return await StartTlsAsync();
                case "MAIL":
                    (_from, _to) = (line, []);
                    return await SayAsync(special ?? "250 2.1.0 Ok");
                case "RCPT":
                    if (special is null || special.StartsWith('2'))
                    {
                        _to.Add(line);
                    }

                    return await SayAsync(special ?? "250 2.1.5 Ok");
                case "DATA" when special is null:
                    return await SayAsync("354 go on") && await TakeAsync(await ReadDataAsync());
                case "BDAT":
                    return await TakeAsync(await ReadAsync(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
                case "RSET":
                    (_from, _to) = ("", []);
                    return await SayAsync(special ?? "250 2.0.0 Ok");
                case "QUIT":
                    await SayAsync(special ?? "221 2.0.0 Bye");
                    return false;
                case "AUTH" when special is null:
                    return await SayAsync("235 2.7.0 Welcome");
                default:
                    return await SayAsync(special ?? "500 5.5.2 What?");
            }
        }

        private async Task<bool> TakeAsync(byte[] content)
        {
            var answer = sink.Answer(".") ?? "250 2.0.0 Ok: queued as SINK1";
            if (answer.StartsWith('2'))
            {
                sink.Messages.Enqueue(new SinkMessage(_from, _to, content, _isProtected));
            }

            return await SayAsync(answer);
        }

        private async Task<bool> StartTlsAsync()
        {
            await SayAsync("220 2.0.0 Go ahead" + (sink.Injected.Length > 0 ? "\r\n" + sink.Injected : ""));
            var tls = new SslStream(_stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = sink.Certificate }, cancellation);
            (_stream, _isProtected) = (tls, true);
            return true;
        }

        private async Task<bool> SayAsync(string text)
        {
            if (text.Length > 0)
            {
                await _stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), cancellation);
            }

            return text.Length > 0 && !text.StartsWith("421", StringComparison.Ordinal);
        }

        private async Task<string?> ReadLineAsync()
        {
            var line = new List<byte>();
            while (line is not [.., (byte)'\r', (byte)'\n'])
            {
                var next = new byte[1];
                if (await _stream.ReadAsync(next, cancellation) == 0)
                {
                    return null;
                }

                line.Add(next[0]);
            }

            return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
        }

        private async Task<byte[]> ReadDataAsync()
        {
            var content = new StringBuilder();
            while (await ReadRawLineAsync() is var line && line != ".\r\n")
            {
                content.Append(line.StartsWith('.') ? line[1..] : line);
            }

            return Encoding.Latin1.GetBytes(content.ToString());
        }

        private async Task<string> ReadRawLineAsync()
        {
            var line = new List<byte>();
            while (line is not [.., (byte)'\r', (byte)'\n'])
            {
                line.Add((await ReadAsync(1))[0]);
            }

            return Encoding.Latin1.GetString([.. line]);
        }

        private async Task<byte[]> ReadAsync(int count)
        {
            var bytes = new byte[count];
            await _stream.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
    }
}
