using System.Net;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;
using Postbell.Media.Rtp;

namespace Postbell.Media.Tests.Engine;

/// <summary>The other end of a call, packet by packet.</summary>
internal sealed class FakePeer
{
    private readonly EngineRig _rig;
    private readonly PacketBatch _batch;
    private readonly byte[] _packet = new byte[2000];

    public FakePeer(EngineRig rig, IPAddress address, int port = 0)
    {
        _rig = rig;
        _batch = rig.Network.CreateBatch();
        if (port != 0)
        {
            Rtp = rig.Network.TryBind(address, port)!;
            Rtcp = rig.Network.TryBind(address, port + 1)!;
            return;
        }

        do
        {
            Rtp = rig.Network.TryBind(address, 0)!;
        }
        while ((Rtp.Local.Port & 1) == 1);
        Rtcp = rig.Network.TryBind(address, Rtp.Local.Port + 1)!;
    }

    public IPacketPort Rtp { get; }

    public IPacketPort Rtcp { get; }

    public uint Ssrc { get; set; } = 0xCAFE;

    public ushort Sequence { get; set; } = 65_530;

    public uint Timestamp { get; set; } = 0xFFFF_FE00;

    public List<Received> Packets { get; } = [];

    private Media.Engine.PeerAddress Server => Media.Engine.PeerAddress.From(_rig.Session.LocalRtp);

    /// <summary>A sound that wavers a little as no machine does, and so counts as speech.</summary>
    public static byte[] Tone(int samples = 160, double amplitude = 8000, G711Law law = G711Law.Mu, int offset = 0)
    {
        var codes = new byte[samples];
        for (var i = 0; i < samples; i++)
        {
            var time = (i + offset) / 8000.0;
            codes[i] = G711.Encode((short)(amplitude * Math.Sin((2 * Math.PI * 400 * time) + (4 * Math.Sin(2 * Math.PI * 3 * time)))), law);
        }

        return codes;
    }

    public byte[] Packet(ReadOnlySpan<byte> payload, byte type = 0, bool marker = false)
    {
        var packet = new byte[12 + payload.Length];
        RtpPacket.WriteHeader(packet, type, marker, Sequence, Timestamp, Ssrc);
        payload.CopyTo(packet.AsSpan(12));
        Sequence++;
        return packet;
    }

    /// <summary>Sends the next packet of audio without allocating.</summary>
    public void Audio(ReadOnlySpan<byte> payload, byte type = 0)
    {
        RtpPacket.WriteHeader(_packet, type, false, Sequence++, Timestamp, Ssrc);
        payload.CopyTo(_packet.AsSpan(12));
        Timestamp += (uint)payload.Length;
        Rtp.Send(_packet.AsSpan(0, 12 + payload.Length), Server);
    }

    /// <summary>Makes the next packet of audio, to be sent some other time or never.</summary>
    public byte[] Prepare(ReadOnlySpan<byte> payload, byte type = 0)
    {
        var packet = Packet(payload, type);
        Timestamp += (uint)payload.Length;
        return packet;
    }

    public void Send(byte[] packet) => Rtp.Send(packet, Server);

    public byte[] Event(char key, int duration, bool end = false, bool marker = false)
    {
        var payload = new byte[4];
        new TelephoneEvent(TelephoneEvent.EventOf(key)!.Value, end, 10, (ushort)duration).Write(payload);
        return Packet(payload, 101, marker);
    }

    /// <summary>A whole key press at once: start, updates, three ends.</summary>
    public void Press(char key, int durationMs = 80)
    {
        Send(Event(key, 160, marker: true));
        for (var d = 320; d < durationMs * 8; d += 160)
        {
            Send(Event(key, d));
        }

        for (var i = 0; i < 3; i++)
        {
            Send(Event(key, durationMs * 8, end: true));
        }

        Timestamp += (uint)durationMs * 8;
    }

    /// <summary>Takes what came, with the time it came.</summary>
    public void Collect()
    {
        int count;
        while ((count = Rtp.Receive(_batch)) > 0)
        {
            for (var i = 0; i < count; i++)
            {
                RtpPacket.TryParse(_batch.Packet(i), out var packet).ShouldBe(RtpParseFailure.None);
                Packets.Add(new Received(
                    _rig.Time.GetUtcNow(), packet.PayloadType, packet.Marker, packet.Sequence, packet.Timestamp, packet.Ssrc, packet.Payload.ToArray()));
            }
        }
    }

    /// <summary>Takes what came and forgets it, without allocating.</summary>
    public int Discard()
    {
        var total = 0;
        int count;
        while ((count = Rtp.Receive(_batch)) > 0)
        {
            total += count;
        }

        return total;
    }

    public List<byte[]> CollectReports()
    {
        var reports = new List<byte[]>();
        var count = Rtcp.Receive(_batch);
        for (var i = 0; i < count; i++)
        {
            reports.Add(_batch.Packet(i).ToArray());
        }

        return reports;
    }

    public void SendReport(ReadOnlySpan<byte> datagram)
    {
        var server = Server;
        Rtcp.Send(datagram, server with { Port = (ushort)(server.Port + 1) });
    }

    public sealed record Received(DateTimeOffset At, byte Type, bool Marker, ushort Sequence, uint Timestamp, uint Ssrc, byte[] Payload);
}
