using Postbell.Core;
using Postbell.Media.Engine;
using Postbell.Media.Quality;
using Postbell.Media.Srtp;

namespace Postbell.Media.Rtp;

/// <summary>Sends one call's RTCP reports and reads the peer's (RFC 3550, 6). A farewell of the peer ends nothing: signalling does that.</summary>
internal sealed class RtcpReporter(EngineLoop loop, SrtpChannel srtp, RtpReceiver receiver, RtpSender sender, string canonicalName)
{
    private const int DatagramBytes = 256;
    private const ulong NtpEpochOffset = 2_208_988_800;

    private long _nextReportNs = long.MaxValue;
    private uint _lastSenderReport;
    private long _lastSenderReportNs;
    private long _packetsAtReport;
    private uint _jitterSeed = sender.Ssrc | 1;

    public long ReportsReceived { get; private set; }

    public TimeSpan? RoundTrip { get; private set; }

    public long PeerLost { get; private set; }

    public TimeSpan? PeerJitter { get; private set; }

    /// <summary>The codec that extended reports judge (RFC 3611); null while none are agreed.</summary>
    public VoiceCodec? Extended { get; set; }

    /// <summary>How the peer hears us, by its last extended report; null before the first.</summary>
    public VoipMetrics? PeerMetrics { get; private set; }

    public void Start(long nowNs) => _nextReportNs = nowNs + (Interval() / 2);

    /// <summary>Sends a report when one is due.</summary>
    public void Visit(IPacketPort port, in PeerAddress to, long nowNs)
    {
        if (nowNs >= _nextReportNs)
        {
            _nextReportNs = nowNs + Interval();
            Send(port, to, nowNs, bye: false);
        }
    }

    /// <summary>Sends a report, with a farewell at the end of the call.</summary>
    public void Send(IPacketPort port, in PeerAddress to, long nowNs, bool bye)
    {
        if (to.IsUnspecified)
        {
            return;
        }

        var writer = new RtcpWriter(loop.SendBuffer.AsSpan(0, DatagramBytes));
        if (sender.Packets > _packetsAtReport)
        {
            writer.SenderReport(sender.Ssrc, Ntp(nowNs), sender.TimestampAt(nowNs), (uint)sender.Packets, (uint)sender.Octets, Block(nowNs));
        }
        else
        {
            writer.ReceiverReport(sender.Ssrc, Block(nowNs));
        }

        _packetsAtReport = sender.Packets;
        writer.SourceDescription(sender.Ssrc, canonicalName);
        if (Extended is { } codec && receiver.HasSource)
        {
            writer.ExtendedReport(sender.Ssrc, OwnMetrics.Of(receiver, codec, sender.PacketMs, RoundTrip));
        }

        if (bye)
        {
            writer.Bye(sender.Ssrc);
        }

        var length = srtp.IsOn ? srtp.ProtectReport(loop.SendBuffer, writer.Length) : writer.Length;
        if (length > 0)
        {
            port.Send(loop.SendBuffer.AsSpan(0, length), to);
        }
    }

    /// <summary>Takes the reports that came; those of other hosts than the peer's are foreign.</summary>
    public void Receive(IPacketPort port, in PeerAddress peer, PacketIntake intake, long now)
    {
        var batch = loop.Batch;
        var count = port.Receive(batch);
        for (var i = 0; i < count; i++)
        {
            var datagram = batch.Packet(i);
            if (!batch.Source(i).SameHost(peer))
            {
                intake.CountForeign();
            }
            else if (srtp.IsOn && Decrypt(batch.Slot(i)[..datagram.Length], ref datagram) is not SrtpVerdict.Accept and var verdict)
            {
                intake.CountRefused(verdict);
            }
            else if (Read(datagram, loop.EngineTime(batch.ArrivalUnixNs(i), now)))
            {
                intake.LastSignNs = now;
            }
            else
            {
                intake.CountMalformed();
            }
        }
    }

    private SrtpVerdict Decrypt(Span<byte> bytes, ref ReadOnlySpan<byte> datagram)
    {
        var verdict = srtp.UnprotectReport(bytes, out var length);
        datagram = bytes[..length];
        return verdict;
    }

    /// <summary>Reads a datagram of the peer; false when it is no RTCP.</summary>
    private bool Read(ReadOnlySpan<byte> datagram, long arrivalNs)
    {
        if (!RtcpReader.TryOpen(datagram, out var reader))
        {
            return false;
        }

        ReportsReceived++;
        while (reader.Next())
        {
            if (reader.Type == RtcpReader.SenderReport && receiver.HasSource && reader.Sender == receiver.Ssrc)
            {
                _lastSenderReport = reader.SenderNtpMiddle;
                _lastSenderReportNs = arrivalNs;
            }

            if (reader.TryVoipMetrics(sender.Ssrc, out var metrics))
            {
                PeerMetrics = metrics;
            }

            for (var i = 0; i < reader.BlockCount; i++)
            {
                ReadBlock(reader.Block(i), arrivalNs);
            }
        }

        return true;
    }

    private void ReadBlock(in RtcpReportBlock block, long arrivalNs)
    {
        if (block.Ssrc != sender.Ssrc)
        {
            return;
        }

        PeerLost = block.TotalLost;
        PeerJitter = TimeSpan.FromMilliseconds(Math.Min(block.Jitter, 48_000_000) / (double)sender.ClockPerMs);
        var roundTrip = (int)((uint)(Ntp(arrivalNs) >> 16) - block.LastSenderReport - block.DelaySinceLast);
        if (block.LastSenderReport != 0 && roundTrip >= 0)
        {
            RoundTrip = TimeSpan.FromSeconds(roundTrip / 65536.0);
        }
    }

    private RtcpReportBlock? Block(long nowNs)
    {
        if (!receiver.HasSource)
        {
            return null;
        }

        var delay = _lastSenderReport == 0 ? 0 : (uint)Math.Max(0, (nowNs - _lastSenderReportNs) * 65536 / 1_000_000_000);
        return new RtcpReportBlock(
            receiver.Ssrc, receiver.TakeFractionLost(), (int)Math.Min(receiver.LostOfStream, int.MaxValue), receiver.HighestExtended,
            (uint)receiver.JitterSamples, _lastSenderReport, delay);
    }

    private ulong Ntp(long nowNs)
    {
        var unix = (UInt128)(ulong)(nowNs + loop.UnixOffsetNs);
        return (ulong)((unix << 32) / 1_000_000_000) + (NtpEpochOffset << 32);
    }

    /// <summary>Between half and one and a half of the mean, so that reports of many calls do not come together (RFC 3550, 6.3.1).</summary>
    private long Interval()
    {
        _jitterSeed ^= _jitterSeed << 13;
        _jitterSeed ^= _jitterSeed >> 17;
        _jitterSeed ^= _jitterSeed << 5;
        return (long)(loop.Options.RtcpInterval.Ticks * 100 * (0.5 + (_jitterSeed / (double)uint.MaxValue)));
    }
}
