using System.Globalization;
using System.Text;

namespace Postbell.Bench.MailLoad;

/// <summary>Commands that carry messages.</summary>
internal static class ImapCommands
{
    public static ReadOnlyMemory<byte> Append(params ReadOnlySpan<byte[]> messages) => AppendTo("INBOX", messages);

    /// <summary>APPEND of one message or several (MULTIAPPEND, RFC 3502), sent whole (LITERAL+, RFC 7888).</summary>
    public static ReadOnlyMemory<byte> AppendTo(string folder, params ReadOnlySpan<byte[]> messages)
    {
        using var command = new MemoryStream();
        command.Write(Encoding.ASCII.GetBytes($"APPEND {folder}"));
        foreach (var message in messages)
        {
            command.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" (\\Seen) {{{message.Length}+}}\r\n")));
            command.Write(message);
        }

        command.Write("\r\n"u8);
        return command.ToArray();
    }

    public static async Task DemandAppendAsync(this ImapClient client, byte[] message)
    {
        var answer = await client.AskAsync(Append(message));
        if (!answer.IsOk)
        {
            throw new InvalidOperationException(answer.Text);
        }
    }
}
