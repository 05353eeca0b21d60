using Postbell.Media.Bridging;
using Postbell.Media.Rtp;

namespace Postbell.Media.Tests.Bridging;

public sealed class BridgeRingTests
{
    [Fact]
    public void Two_threads_pass_packets_in_order_and_whole()
    {
        const int packets = 200_000;
        var ring = new BridgeRing();
        var writer = new Thread(() =>
        {
            var payload = new byte[160];
            for (var i = 0; i < packets;)
            {
                payload.AsSpan().Fill((byte)i);
                if (ring.TryWrite(new BridgePacket(PayloadKind.Mu, 0, (ushort)i, (uint)i, 1 + (i % 160)), payload.AsSpan(0, 1 + (i % 160))))
                {
                    i++;
                }
                else
                {
                    Thread.Yield();
                }
            }
        });
        writer.Start();
        var wrong = 0;
        for (var i = 0; i < packets;)
        {
            if (!ring.TryPeek(out var packet, out var payload))
            {
                Thread.Yield();
                continue;
            }

            wrong += packet.Timestamp != (uint)i || payload.Length != 1 + (i % 160) || payload.ContainsAnyExcept((byte)i) ? 1 : 0;
            ring.Release();
            i++;
        }

        writer.Join();
        wrong.ShouldBe(0);
    }

    [Fact]
    public void A_reader_that_falls_behind_loses_the_newest()
    {
        var ring = new BridgeRing();
        for (var i = 0; i < 100; i++)
        {
            ring.TryWrite(new BridgePacket(PayloadKind.Mu, 0, (ushort)i, 0, 0), []).ShouldBe(i < BridgeRing.Capacity);
        }

        ring.TryPeek(out var first, out _).ShouldBeTrue();
        first.Sequence.ShouldBe((ushort)0);
        ring.TryWrite(first, new byte[2000]).ShouldBeFalse();
    }
}
