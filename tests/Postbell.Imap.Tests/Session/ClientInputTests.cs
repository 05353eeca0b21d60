using System.Buffers;
using System.IO.Pipelines;
using Postbell.Imap.Session;

namespace Postbell.Imap.Tests.Session;

/// <summary>What becomes of a read that nobody waits for any more.</summary>
public sealed class ClientInputTests
{
    [Fact]
    public async Task A_read_left_pending_is_over_before_the_layers_above_it_are_closed()
    {
        var transport = new Pipe();
        using var input = new ClientInput(transport.Reader, TimeProvider.System);
        var line = input.ReadLineAsync(new ArrayBufferWriter<byte>(), 100, TimeSpan.FromMinutes(1)).AsTask();
        input.Stop();
        (await line).ShouldBe(ReadOutcome.Stopping);
        await input.EndAsync(transport.Reader);

        // A pipe that is being read allows no second read.
        await transport.Writer.WriteAsync(new byte[] { 1 });
        (await transport.Reader.ReadAsync()).Buffer.Length.ShouldBe(1);
        await input.EndAsync(transport.Reader);
    }
}
