using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests.Mail;

/// <summary>One answer to a command: its lines, each with the literals that came in it.</summary>
public sealed record ImapAnswer(string Status, IReadOnlyList<ImapLine> Lines);

/// <summary>A line of the server; a literal in it is shown as its {size} and kept beside it.</summary>
public sealed record ImapLine(string Text, IReadOnlyList<byte[]> Literals);

/// <summary>The least IMAP client that can look for a message and fetch it.</summary>
public sealed partial class ImapConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly DemoPerson _person;
    private Stream _stream = null!;
    private int _tag;

    private ImapConnection(DemoPerson person) => _person = person;

    public static async Task<ImapConnection> LogInAsync(IPEndPoint server, DemoPerson person)
    {
        var connection = new ImapConnection(person);
        await connection._client.ConnectAsync(server);
        connection._stream = new BufferedStream(connection._client.GetStream(), 65536);
        (await connection.ReadLineAsync()).Text.ShouldStartWith("* OK");
        var capabilities = string.Join(' ', (await connection.CommandAsync("CAPABILITY")).Lines.Select(l => l.Text));
        if (capabilities.Contains("LOGINDISABLED", StringComparison.Ordinal))
        {
            await connection.SecureAsync();
        }

        await connection.CommandAsync($"LOGIN \"{person.User}\" \"{person.Password}\"");
        await connection.CommandAsync("SELECT INBOX");
        return connection;
    }

    /// <summary>The message of a call, waited for.</summary>
    public async Task<VoiceMail> WaitForCallAsync(string callId, TimeSpan? within = null) =>
        await Deadline.UntilAsync(() => FindCallAsync(callId), within ?? TimeSpan.FromSeconds(15), $"a message of call {callId} in the mailbox of {_person.Number}");

    /// <summary>The one unread message of a caller, waited for; it counts as read then.</summary>
    public async Task<VoiceMail> WaitForCallerAsync(string caller, TimeSpan? within = null)
    {
        var mail = await Deadline.UntilAsync(
            async () =>
            {
                var uids = await SearchAsync($"FROM \"{caller}\" UNSEEN");
                uids.Count.ShouldBeLessThan(2, $"{caller} left one message");
                return uids.Count == 0 ? null : await FetchAsync(uids[0]);
            },
            within ?? TimeSpan.FromSeconds(20),
            $"a message of {caller} in the mailbox of {_person.Number}");
        await SetSeenAsync(mail.Uid);
        return mail;
    }

    public async Task<VoiceMail?> FindCallAsync(string callId)
    {
        var uids = await FindAllAsync(callId);
        uids.Count.ShouldBeLessThan(2, $"call {callId} was delivered more than once");
        return uids.Count == 0 ? null : await FetchAsync(uids[0]);
    }

    /// <summary>The UIDs of all messages of a call.</summary>
    public Task<IReadOnlyList<uint>> FindAllAsync(string callId) => SearchAsync($"HEADER X-CallID \"{callId}\"");

    public async Task<IReadOnlyList<uint>> SearchAsync(string criteria)
    {
        var answer = await CommandAsync($"UID SEARCH {criteria}");
        return [.. answer.Lines.Where(l => l.Text.StartsWith("* SEARCH", StringComparison.Ordinal))
            .SelectMany(l => l.Text["* SEARCH".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(t => uint.Parse(t, CultureInfo.InvariantCulture))];
    }

    public async Task<VoiceMail> FetchAsync(uint uid)
    {
        var answer = await CommandAsync($"UID FETCH {uid} (FLAGS BODY.PEEK[])");
        var line = answer.Lines.Single(l => l.Literals.Count > 0);
        return new VoiceMail(uid, FlagList().Match(line.Text).Groups["flags"].Value.Split(' '), MimePart.Parse(line.Literals[0]));
    }

    public Task SetSeenAsync(uint uid) => CommandAsync($"UID STORE {uid} +FLAGS.SILENT (\\Seen)");

    /// <summary>Removes a message for good.</summary>
    public async Task RemoveAsync(uint uid)
    {
        await CommandAsync($"UID STORE {uid} +FLAGS.SILENT (\\Deleted)");
        await CommandAsync($"UID EXPUNGE {uid}");
    }

    public async Task<ImapAnswer> CommandAsync(string command)
    {
        var tag = $"t{++_tag}";
        await _stream.WriteAsync(Encoding.UTF8.GetBytes($"{tag} {command}\r\n"));
        await _stream.FlushAsync();
        var lines = new List<ImapLine>();
        while (true)
        {
            var line = await ReadLineAsync();
            if (line.Text.StartsWith($"{tag} ", StringComparison.Ordinal))
            {
                line.Text.ShouldStartWith($"{tag} OK", Case.Sensitive, command);
                return new ImapAnswer(line.Text[(tag.Length + 1)..], lines);
            }

            lines.Add(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _client.Dispose();
    }

    private async Task SecureAsync()
    {
        await CommandAsync("STARTTLS");
        // The server's certificate is its own; who it is matters to other tests.
        var tls = new SslStream(_client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        _stream = new BufferedStream(tls, 65536);
    }

    [GeneratedRegex(@"FLAGS \((?<flags>[^)]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FlagList();

    [GeneratedRegex(@"\{(?<size>\d+)\}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LiteralAtEnd();

    private async Task<ImapLine> ReadLineAsync()
    {
        var text = new StringBuilder();
        var literals = new List<byte[]>();
        while (true)
        {
            var piece = await ReadTextAsync();
            text.Append(piece);
            var literal = LiteralAtEnd().Match(piece);
            if (!literal.Success)
            {
                return new ImapLine(text.ToString(), literals);
            }

            var content = new byte[int.Parse(literal.Groups["size"].Value, CultureInfo.InvariantCulture)];
            await _stream.ReadExactlyAsync(content);
            literals.Add(content);
        }
    }

    private async Task<string> ReadTextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var bytes = new List<byte>();
        var one = new byte[1];
        while (bytes.Count == 0 || bytes[^1] != '\n')
        {
            await _stream.ReadExactlyAsync(one, limit.Token);
            bytes.Add(one[0]);
        }

        bytes[^2].ShouldBe((byte)'\r', "a line of the server ends with CRLF");
        return Encoding.UTF8.GetString(bytes.ToArray(), 0, bytes.Count - 2);
    }
}
