using System.Buffers.Binary;
using System.Net;
using Postbell.Sip.Tracing;

namespace Postbell.Sip.Tests.Tracing;

public sealed class TracePcapTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.9", 4)]
    [InlineData("2001:db8::1", "2001:db8::9", 6)]
    public void Each_message_is_a_datagram_with_sound_headers(string here, string peer, int version)
    {
        using var samples = new TraceSamples();
        var message = TraceSamples.Request("INVITE");
        samples.Traces.OnMessage(SipDirection.Received, SipTransport.Tcp, new IPEndPoint(IPAddress.Parse(here), 5060), new IPEndPoint(IPAddress.Parse(peer), 40000), message);
        var file = TracePcap.Write(samples.Last).AsSpan();
        BinaryPrimitives.ReadUInt32LittleEndian(file).ShouldBe(0xA1B2C3D4);
        BinaryPrimitives.ReadUInt32LittleEndian(file[20..]).ShouldBe(101u);
        var record = file[24..];
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(record)).ShouldBe(samples.Time.GetUtcNow());
        var ip = record[16..];
        ip.Length.ShouldBe((int)BinaryPrimitives.ReadUInt32LittleEndian(record[8..]));
        (ip[0] >> 4).ShouldBe(version);
        var header = version == 4 ? 20 : 40;
        new IPAddress(version == 4 ? ip.Slice(12, 4) : ip.Slice(8, 16)).ToString().ShouldBe(peer);
        new IPAddress(version == 4 ? ip.Slice(16, 4) : ip.Slice(24, 16)).ToString().ShouldBe(here);
        var udp = ip[header..];
        BinaryPrimitives.ReadUInt16BigEndian(udp).ShouldBe((ushort)40000);
        BinaryPrimitives.ReadUInt16BigEndian(udp[2..]).ShouldBe((ushort)5060);
        BinaryPrimitives.ReadUInt16BigEndian(udp[4..]).ShouldBe((ushort)udp.Length);
        udp[8..].SequenceEqual(message).ShouldBeTrue();
        if (version == 4)
        {
            OnesSum(ip[..20]).ShouldBe(0xFFFF);
        }

        OnesSum([.. version == 4 ? ip.Slice(12, 8) : ip.Slice(8, 32), 0, 17, (byte)(udp.Length >> 8), (byte)udp.Length, .. udp]).ShouldBe(0xFFFF);
    }

    [Fact]
    public void A_message_that_was_cut_says_how_long_it_was()
    {
        using var samples = new TraceSamples();
        var message = TraceSamples.Request("INVITE", body: new string('x', 9000));
        samples.Receive(message);
        var record = TracePcap.Write(samples.Last).AsSpan(24);
        BinaryPrimitives.ReadUInt32LittleEndian(record[12..]).ShouldBe((uint)message.Length + 28);
        BinaryPrimitives.ReadUInt32LittleEndian(record[8..]).ShouldBe((uint)record.Length - 16);
    }

    private static int OnesSum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }
}
