using System.Net;
using System.Text;

namespace Postbell.Bench.MailLoad;

/// <summary>An LMTP client as a mail server is one: it keeps its connection, sends MAIL, RCPT and DATA together, and waits for the reply to each message.</summary>
internal sealed class LmtpClient : IDisposable
{
    private readonly Wire _wire;

    private LmtpClient(Wire wire) => _wire = wire;

    public static async Task<LmtpClient> OpenAsync(IPEndPoint server)
    {
        var client = new LmtpClient(await Wire.ConnectAsync(server));
        await client.ExpectAsync('2');
        await client._wire.SendAsync("LHLO bench.invalid\r\n"u8.ToArray());
        await client.ExpectAsync('2');
        return client;
    }

    /// <summary>Delivers one message, which ends with CRLF and has no line that begins with a dot.</summary>
    public async Task DeliverAsync(string recipient, ReadOnlyMemory<byte> message)
    {
        await _wire.SendAsync(Encoding.ASCII.GetBytes($"MAIL FROM:<caller@bench.invalid>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"));
        await ExpectAsync('2');
        await ExpectAsync('2');
        await ExpectAsync('3');
        await _wire.SendAsync(message);
        await _wire.SendAsync(".\r\n"u8.ToArray());
        await ExpectAsync('2');
    }

    public void Dispose() => _wire.Dispose();

    private async ValueTask ExpectAsync(char first)
    {
        while (true)
        {
            var line = await _wire.ReadLineAsync();
            if (line.Span[0] != first)
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(line.Span));
            }

            if (line.Length < 4 || line.Span[3] != '-')
            {
                return;
            }
        }
    }
}
