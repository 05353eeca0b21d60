using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Sip.Tracing;

namespace Postbell.Sip.Tests.Tracing;

public sealed class HepExportTests
{
    [Theory]
    [InlineData(SipDirection.Received, "192.0.2.1", "192.0.2.9", SipTransport.Udp)]
    [InlineData(SipDirection.Sent, "2001:db8::1", "2001:db8::9", SipTransport.Tls)]
    public void A_message_is_packed_with_addresses_time_agent_password_and_call(SipDirection direction, string here, string peer, SipTransport transport)
    {
        var sink = new Sink();
        using var export = new HepExport(new HepOptions { Collector = new IPEndPoint(IPAddress.Loopback, 9060), CaptureId = 2026, Password = "geheim" }, sink);
        using var samples = new TraceSamples(export: export);
        samples.Time.Advance(TimeSpan.FromMicroseconds(123_456));
        var message = TraceSamples.Request("INVITE", "hep-call");
        samples.Traces.OnMessage(direction, transport, new IPEndPoint(IPAddress.Parse(here), 5060), new IPEndPoint(IPAddress.Parse(peer), 40000), message);

        var chunks = Decode(sink.Packets.ShouldHaveSingleItem());
        var (from, to) = direction == SipDirection.Sent ? (here, peer) : (peer, here);
        var isV4 = here.Contains('.', StringComparison.Ordinal);
        chunks[1].ShouldBe([(byte)(isV4 ? 2 : 10)]);
        chunks[2].ShouldBe([(byte)(transport == SipTransport.Udp ? 17 : 6)]);
        new IPAddress(chunks[isV4 ? 3 : 5]).ToString().ShouldBe(from);
        new IPAddress(chunks[isV4 ? 4 : 6]).ToString().ShouldBe(to);
        BinaryPrimitives.ReadUInt16BigEndian(chunks[7]).ShouldBe((ushort)(direction == SipDirection.Sent ? 5060 : 40000));
        BinaryPrimitives.ReadUInt16BigEndian(chunks[8]).ShouldBe((ushort)(direction == SipDirection.Sent ? 40000 : 5060));
        BinaryPrimitives.ReadUInt32BigEndian(chunks[9]).ShouldBe((uint)samples.Time.GetUtcNow().ToUnixTimeSeconds());
        BinaryPrimitives.ReadUInt32BigEndian(chunks[10]).ShouldBe(123_456u);
        chunks[11].ShouldBe([1]);
        BinaryPrimitives.ReadUInt32BigEndian(chunks[12]).ShouldBe(2026u);
        Encoding.ASCII.GetString(chunks[14]).ShouldBe("geheim");
        chunks[15].ShouldBe(message);
        Encoding.ASCII.GetString(chunks[17]).ShouldBe("hep-call");
        export.Sent.ShouldBe(1);
    }

    [Fact]
    public void Secrets_do_not_leave_and_messages_outside_of_calls_neither()
    {
        var sink = new Sink();
        using var export = new HepExport(new HepOptions { Collector = new IPEndPoint(IPAddress.Loopback, 9060) }, sink);
        using var samples = new TraceSamples(export: export);
        samples.Receive(TraceSamples.Request("OPTIONS", "other"));
        samples.Receive(TraceSamples.Request("INVITE", body: "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:verysecret\r\n"));
        Encoding.UTF8.GetString(Decode(sink.Packets.ShouldHaveSingleItem())[15]).ShouldContain("inline:**********\r\n");
    }

    [Fact]
    public void What_the_system_does_not_take_at_once_is_dropped_and_counted()
    {
        using var export = new HepExport(new HepOptions { Collector = new IPEndPoint(IPAddress.Loopback, 9060) }, new Sink { IsBusy = true });
        using var samples = new TraceSamples(export: export);
        samples.WholeCall("call-1");
        export.Dropped.ShouldBe(7);
        export.Sent.ShouldBe(0);
        samples.Last.Messages.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Packets_arrive_over_UDP(string address)
    {
        using var collector = new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0));
        using var export = new HepExport(new HepOptions { Collector = (IPEndPoint)collector.Client.LocalEndPoint! }, TimeProvider.System);
        using var samples = new TraceSamples(export: export);
        samples.Receive(TraceSamples.Request("INVITE"));
        var packet = await collector.ReceiveAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        Decode(packet.Buffer)[15].ShouldBe(TraceSamples.Request("INVITE"));
    }

    [Fact]
    public void A_collector_that_is_not_there_costs_nothing_but_the_packets()
    {
        using var nobody = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)nobody.Client.LocalEndPoint!;
        nobody.Close();
        using var export = new HepExport(new HepOptions { Collector = address }, TimeProvider.System);
        using var samples = new TraceSamples(export: export);
        samples.WholeCall("call-1");
        (export.Sent + export.Dropped).ShouldBe(7);
    }

    /// <summary>Reads a packet by the description of the protocol alone: type of chunk to value.</summary>
    private static Dictionary<int, byte[]> Decode(byte[] packet)
    {
        Encoding.ASCII.GetString(packet, 0, 4).ShouldBe("HEP3");
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(4)).ShouldBe((ushort)packet.Length);
        var chunks = new Dictionary<int, byte[]>();
        var at = 6;
        while (at < packet.Length)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at + 4));
            BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at)).ShouldBe((ushort)0);
            chunks.Add(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at + 2)), packet[(at + 6)..(at + length)]);
            at += length;
        }

        at.ShouldBe(packet.Length);
        return chunks;
    }

    private sealed class Sink : HepExport.IDatagramSink
    {
        public List<byte[]> Packets { get; } = [];

        public bool IsBusy { get; init; }

        public bool TrySend(ReadOnlySpan<byte> packet)
        {
            if (!IsBusy)
            {
                Packets.Add(packet.ToArray());
            }

            return !IsBusy;
        }

        public void Dispose()
        {
        }
    }
}
