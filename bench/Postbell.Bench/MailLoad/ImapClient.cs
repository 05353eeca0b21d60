using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Postbell.Bench.MailLoad;

/// <summary>What a command was answered with.</summary>
internal readonly record struct Answer(bool IsOk, int Lines, string Text);

/// <summary>An IMAP client that asks, counts the lines of the answer and looks at little else.</summary>
internal sealed class ImapClient : IDisposable
{
    private readonly Wire _wire;
    private int _tag;

    private ImapClient(Wire wire) => _wire = wire;

    /// <summary>Messages in the selected folder, as told.</summary>
    public int Exists { get; private set; }

    /// <summary>The last line that began with <c>* SEARCH</c>: how many numbers it had.</summary>
    public int Found { get; private set; }

    public static async Task<ImapClient> LoginAsync(IPEndPoint server, string user, string password, int buffer = 64 * 1024, IPAddress? from = null)
    {
        var client = new ImapClient(await Wire.ConnectAsync(server, buffer, from));
        await client._wire.ReadLineAsync();
        await client.DemandAsync($"LOGIN {user} {password}");
        return client;
    }

    /// <summary>Asks, and fails when the answer is not OK.</summary>
    public async ValueTask<Answer> DemandAsync(string command)
    {
        var answer = await AskAsync(command);
        return answer.IsOk ? answer : throw new InvalidOperationException($"{command}: {answer.Text}");
    }

    public async ValueTask<Answer> AskAsync(string command) => await AskAsync(Encoding.ASCII.GetBytes(command + "\r\n"));

    /// <summary>The command without its tag, whole, with its line end and non-synchronizing literals.</summary>
    public async ValueTask<Answer> AskAsync(ReadOnlyMemory<byte> command)
    {
        var tag = Encoding.ASCII.GetBytes($"t{++_tag} ");
        var whole = new byte[tag.Length + command.Length];
        tag.CopyTo(whole, 0);
        command.CopyTo(whole.AsMemory(tag.Length));
        await _wire.SendAsync(whole);
        return await ReadAnswerAsync(tag);
    }

    /// <summary>Begins IDLE.</summary>
    public async Task IdleAsync()
    {
        await _wire.SendAsync("i IDLE\r\n"u8.ToArray());
        while (!(await _wire.ReadLineAsync()).Span.StartsWith("+"u8))
        {
        }
    }

    /// <summary>During IDLE: waits until the server tells of a new message.</summary>
    public async Task WaitForExistsAsync()
    {
        while (!(await _wire.ReadLineAsync()).Span.EndsWith(" EXISTS"u8))
        {
        }
    }

    public void Dispose() => _wire.Dispose();

    private async ValueTask<Answer> ReadAnswerAsync(byte[] tag)
    {
        var lines = 0;
        while (true)
        {
            var line = await _wire.ReadLineAsync();
            if (line.Span.StartsWith(tag))
            {
                var isOk = line.Span[tag.Length..].StartsWith("OK"u8);
                return new Answer(isOk, lines, isOk ? "" : Encoding.UTF8.GetString(line.Span));
            }

            lines++;
            var literal = Wire.LiteralLength(line.Span);
            if (literal >= 0)
            {
                await _wire.SkipAsync(literal);
            }
            else
            {
                Note(line.Span);
            }
        }
    }

    private void Note(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith(" EXISTS"u8) && Utf8Parser.TryParse(line[2..], out int count, out _))
        {
            Exists = count;
        }
        else if (line.EndsWith(" EXPUNGE"u8))
        {
            Exists--;
        }
        else if (line.StartsWith("* SEARCH"u8))
        {
            Found = line.Count((byte)' ') - 1;
        }
    }
}
