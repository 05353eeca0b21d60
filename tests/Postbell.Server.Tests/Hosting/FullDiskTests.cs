using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

/// <summary>A whole server on a disk that is full: every door says so in its own words, what was taken stays, and with room again it goes on.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Mail_is_refused_with_the_reason_at_each_door_and_taken_again_when_there_is_room()
    {
        using var small = new TemporaryDirectory();
        Assert.SkipUnless(await TryRunAsync("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", small), "needs the right to mount a small file system");
        try
        {
            await RunAsync(Path.Combine(small, "data"), Path.Combine(small, "filler"));
        }
        finally
        {
            await TryRunAsync("umount", "-l", small);
        }
    }

    private static async Task RunAsync(string data, string filler)
    {
        await using var server = await ServerProcess.StartAsync(data);
        var person = server.Ready.GetProperty("people")[0];
        using var imap = await Line.OpenAsync(server.Ready.GetProperty("imap").GetString()!);
        await imap.ReadAsync("* OK");
        await imap.SendAsync($"a LOGIN {person.GetProperty("user").GetString()} \"{person.GetProperty("password").GetString()}\"\r\n", "a OK");
        await imap.SendAsync("b APPEND INBOX {19+}\r\nSubject: kept\r\n\r\nx\r\n", "b OK");
        Fill(filler);
        var large = "Subject: large\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 4000));
        (await imap.SendAsync($"c APPEND INBOX {{{large.Length}+}}\r\n{large}\r\n", "c ")).ShouldStartWith("c NO [OVERQUOTA]");

        using var lmtp = await Line.OpenAsync(server.Ready.GetProperty("lmtp").GetString()!);
        await lmtp.ReadAsync("220");
        await lmtp.SendAsync("LHLO test.example\r\n", "250 ");
        await lmtp.SendAsync("MAIL FROM:<somebody@example.com>\r\n", "250");
        await lmtp.SendAsync($"RCPT TO:<{person.GetProperty("user").GetString()}@localhost>\r\n", "250");
        await lmtp.SendAsync("DATA\r\n", "354");
        (await lmtp.SendAsync(large + ".\r\n", "")).ShouldStartWith("452 4.3.1");

        using var http = server.CreateClient(server.Token);
        (await http.GetStringAsync("/metrics")).ShouldContain("um_store_healthy 1");
        await imap.SendAsync("d SELECT INBOX\r\n", "d OK");
        await imap.SendAsync("e FETCH 1 BODY.PEEK[]\r\n", "e OK");
        File.Delete(filler);
        (await imap.SendAsync($"f APPEND INBOX {{{large.Length}+}}\r\n{large}\r\n", "f ")).ShouldStartWith("f OK");
        (await server.CommandAsync(null, "mailbox", "verify", person.GetProperty("user").GetString()!)).ShouldEndWith("sound\n");
    }

    private static void Fill(string filler)
    {
        using var file = new FileStream(filler, FileMode.Create);
        var piece = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full, but for what the last flush could not place.
            return;
        }
    }

    private static async Task<bool> TryRunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false });
            await process!.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>A connection of text lines.</summary>
    private sealed class Line : IDisposable
    {
        private readonly TcpClient _client = new();
        private StreamReader _reader = null!;

        public static async Task<Line> OpenAsync(string door)
        {
            var line = new Line();
            await line._client.ConnectAsync(IPEndPoint.Parse(door));
            line._reader = new StreamReader(line._client.GetStream(), Encoding.Latin1);
            return line;
        }

        /// <summary>Sends, and reads to the first line that begins so.</summary>
        public async Task<string> SendAsync(string text, string begin)
        {
            await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
            return await ReadAsync(begin);
        }

        public async Task<string> ReadAsync(string begin)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (await _reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(begin, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            throw new InvalidOperationException($"the connection ended before \"{begin}\"");
        }

        public void Dispose()
        {
            _reader?.Dispose();
            _client.Dispose();
        }
    }
}
