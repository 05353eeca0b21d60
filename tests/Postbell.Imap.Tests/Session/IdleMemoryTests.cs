using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>What a connection holds while nothing happens: ten thousand of them must fit. It runs alone, since it looks at the whole heap.</summary>
[Collection(nameof(IdleMemoryTests))]
[CollectionDefinition(nameof(IdleMemoryTests), DisableParallelization = true)]
public sealed class IdleMemoryTests
{
    private const int Connections = 100;

    [Theory]
    [InlineData(false, 10_000)]
    [InlineData(true, 24_000)]
    public async Task An_idle_connection_holds_few_kilobytes(bool compressed, int allowed)
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { ConnectionsPerAddress = int.MaxValue } });
        await server.DeliverAsync(Mail.Simple("1"));
        var open = new List<(Pipe ToServer, Pipe ToClient, Task Serving)> { await IdleAsync(server, compressed) };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Connections; i++)
        {
            open.Add(await IdleAsync(server, compressed));
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
        foreach (var (toServer, toClient, serving) in open)
        {
            await toServer.Writer.CompleteAsync();
            await serving;
            await toClient.Reader.CompleteAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes each");
        each.ShouldBeLessThan(allowed);
    }

    private static async Task<(Pipe ToServer, Pipe ToClient, Task Serving)> IdleAsync(ImapServer server, bool compressed)
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var context = new DefaultConnectionContext("idle", new PipePair(toServer.Reader, toClient.Writer), new PipePair(toClient.Reader, toServer.Writer));
        var serving = server.Handler.OnConnectedAsync(context);
        await SayAsync(toServer, toClient, $"a LOGIN ann \"{ImapServer.Password}\"\r\nb SELECT INBOX\r\n{(compressed ? "" : "c IDLE\r\n")}", compressed ? "b OK" : "+ Idling");
        if (compressed)
        {
            await SayAsync(toServer, toClient, "c COMPRESS DEFLATE\r\n", "c OK");
            using var deflated = new MemoryStream();
            using (var deflate = new System.IO.Compression.DeflateStream(deflated, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            {
                await deflate.WriteAsync("d IDLE\r\n"u8.ToArray());
                await deflate.FlushAsync();
                await toServer.Writer.WriteAsync(deflated.ToArray());
            }

            var read = await toClient.Reader.ReadAsync();
            toClient.Reader.AdvanceTo(read.Buffer.End);
        }

        return (toServer, toClient, serving);
    }

    private static async Task SayAsync(Pipe toServer, Pipe toClient, string text, string until)
    {
        await toServer.Writer.WriteAsync(Encoding.ASCII.GetBytes(text));
        while (true)
        {
            var read = await toClient.Reader.ReadAsync();
            var done = Encoding.Latin1.GetString(read.Buffer.ToArray()).Contains(until, StringComparison.Ordinal);
            toClient.Reader.AdvanceTo(done ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (done)
            {
                return;
            }
        }
    }
}
