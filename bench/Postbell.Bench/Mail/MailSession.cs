using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Postbell.Bench.Mail;

/// <summary>The least IMAP client: enough to count, to wait and to fetch.</summary>
internal sealed class MailSession : IDisposable
{
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;
    private int _tag;

    public static async Task<MailSession> OpenAsync(IPEndPoint server, string user, string password)
    {
        var session = new MailSession();
        await session._client.ConnectAsync(server);
        session._stream = new BufferedStream(session._client.GetStream(), 1 << 16);
        await session.ReadLineAsync();
        if (string.Join(' ', (await session.AskAsync("CAPABILITY")).Select(l => l.Text)).Contains("LOGINDISABLED", StringComparison.Ordinal))
        {
            await session.AskAsync("STARTTLS");
            var tls = new SslStream(session._client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync("localhost");
            session._stream = new BufferedStream(tls, 1 << 16);
        }

        await session.AskAsync($"LOGIN \"{user}\" \"{password}\"");
        await session.AskAsync("SELECT INBOX");
        return session;
    }

    public async Task<uint[]> SearchAsync(string criteria)
    {
        var lines = await AskAsync($"UID SEARCH {criteria}");
        return [.. lines.Where(l => l.Text.StartsWith("* SEARCH", StringComparison.Ordinal))
            .SelectMany(l => l.Text[8..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(n => uint.Parse(n, CultureInfo.InvariantCulture))];
    }

    public async Task<string> FetchAsync(uint uid) =>
        Encoding.Latin1.GetString((await AskAsync($"UID FETCH {uid} (BODY.PEEK[])")).Single(l => l.Literal.Length > 0).Literal);

    /// <summary>Removes every message for good.</summary>
    public async Task PurgeAsync()
    {
        await AskAsync("UID STORE 1:* +FLAGS.SILENT (\\Deleted)");
        await AskAsync("EXPUNGE");
    }

    /// <summary>The X-CallID of every message, by sequence number.</summary>
    public async Task<Dictionary<int, string>> CallIdsAsync()
    {
        await AskAsync("NOOP");
        var lines = await AskAsync("FETCH 1:* (BODY.PEEK[HEADER.FIELDS (X-CallID)])");
        return lines.Where(l => l.Literal.Length > 0).ToDictionary(
            l => int.Parse(l.Text.Split(' ')[1], CultureInfo.InvariantCulture),
            l => Encoding.ASCII.GetString(l.Literal).Split(':')[^1].Trim());
    }

    /// <summary>IDLE: tells of each EXISTS until cancelled.</summary>
    public async Task WatchAsync(Action<int> onExists, CancellationToken end)
    {
        await WriteAsync($"i{++_tag} IDLE\r\n");
        while (true)
        {
            string line;
            try
            {
                line = (await ReadLineAsync(end)).Text;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (line.EndsWith(" EXISTS", StringComparison.Ordinal))
            {
                onExists(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
            }
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private async Task<List<(string Text, byte[] Literal)>> AskAsync(string command)
    {
        var tag = $"b{++_tag}";
        await WriteAsync($"{tag} {command}\r\n");
        var lines = new List<(string, byte[])>();
        while (true)
        {
            var line = await ReadLineAsync();
            if (line.Text.StartsWith(tag + " ", StringComparison.Ordinal))
            {
                return line.Text.StartsWith($"{tag} OK", StringComparison.Ordinal) ? lines : throw new InvalidOperationException($"{command.Split(' ')[0]}: {line.Text}");
            }

            lines.Add(line);
        }
    }

    private async Task WriteAsync(string text)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _stream.FlushAsync();
    }

    private async Task<(string Text, byte[] Literal)> ReadLineAsync(CancellationToken end = default)
    {
        var text = new StringBuilder();
        byte[] literal = [];
        while (true)
        {
            var piece = await ReadPieceAsync(end);
            text.Append(piece);
            if (!piece.EndsWith('}'))
            {
                return (text.ToString(), literal);
            }

            literal = new byte[int.Parse(piece[(piece.LastIndexOf('{') + 1)..^1], CultureInfo.InvariantCulture)];
            await _stream.ReadExactlyAsync(literal, end);
        }
    }

    private async Task<string> ReadPieceAsync(CancellationToken end)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(one, end);
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString(bytes.ToArray()).TrimEnd('\r');
            }

            bytes.Add(one[0]);
        }
    }
}
