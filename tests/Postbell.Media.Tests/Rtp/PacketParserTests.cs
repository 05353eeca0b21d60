using Postbell.Media.Rtp;
using Postbell.Media.Tests.Engine;

namespace Postbell.Media.Tests.Rtp;

public sealed class PacketParserTests
{
    [Fact]
    public void A_header_comes_back_as_written()
    {
        var bytes = new byte[15];
        RtpPacket.WriteHeader(bytes, 101, true, 65535, 0xDEADBEEF, 0x01020304);
        bytes[12] = 7;
        RtpPacket.TryParse(bytes, out var packet).ShouldBe(RtpParseFailure.None);
        packet.PayloadType.ShouldBe((byte)101);
        packet.Marker.ShouldBeTrue();
        packet.Sequence.ShouldBe((ushort)65535);
        packet.Timestamp.ShouldBe(0xDEADBEEF);
        packet.Ssrc.ShouldBe(0x01020304u);
        packet.Payload.ToArray().ShouldBe([7, 0, 0]);
    }

    [Fact]
    public void Sources_extension_and_padding_are_no_payload()
    {
        byte[] bytes =
        [
            0xB1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, // header: padding, extension, one source
            9, 9, 9, 9, // the source
            0xBE, 0xDE, 0, 1, 1, 2, 3, 4, // the extension
            42, 43, // the payload
            0, 0, 3, // the padding
        ];
        RtpPacket.TryParse(bytes, out var packet).ShouldBe(RtpParseFailure.None);
        packet.Payload.ToArray().ShouldBe([42, 43]);
    }

    [Theory]
    [InlineData(new byte[0], RtpParseFailure.TooShort)]
    [InlineData(new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, RtpParseFailure.TooShort)]
    [InlineData(new byte[] { 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, RtpParseFailure.WrongVersion)]
    [InlineData(new byte[] { 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, RtpParseFailure.TooShort)]
    [InlineData(new byte[] { 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 }, RtpParseFailure.TooShort)]
    [InlineData(new byte[] { 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0xFF, 0xFF }, RtpParseFailure.TooShort)]
    [InlineData(new byte[] { 0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, RtpParseFailure.BadPadding)]
    [InlineData(new byte[] { 0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0 }, RtpParseFailure.BadPadding)]
    [InlineData(new byte[] { 0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 3 }, RtpParseFailure.BadPadding)]
    [InlineData(new byte[] { 0x80, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, RtpParseFailure.LooksLikeRtcp)]
    public void What_is_no_packet_is_named(byte[] bytes, RtpParseFailure failure) => RtpPacket.TryParse(bytes, out _).ShouldBe(failure);

    [Fact]
    public void Reports_come_back_as_written()
    {
        var buffer = new byte[256];
        var writer = new RtcpWriter(buffer);
        var block = new RtcpReportBlock(5, 200, -3, 0x10002, 77, 0xABCD, 65536);
        writer.SenderReport(1, 0x1122334455667788, 160, 2, 320, block);
        writer.SourceDescription(1, "abc");
        writer.Bye(1);
        (writer.Length % 4).ShouldBe(0);
        RtcpReader.TryOpen(buffer.AsSpan(0, writer.Length), out var reader).ShouldBeTrue();
        reader.Next().ShouldBeTrue();
        reader.Sender.ShouldBe(1u);
        reader.SenderNtpMiddle.ShouldBe(0x33445566u);
        reader.BlockCount.ShouldBe(1);
        reader.Block(0).ShouldBe(block);
        reader.Next().ShouldBeTrue();
        reader.Type.ShouldBe(RtcpReader.SourceDescription);
        reader.BlockCount.ShouldBe(0);
        reader.Body.ToArray().ShouldBe([1, 3, (byte)'a', (byte)'b', (byte)'c', 0, 0, 0]);
        reader.Next().ShouldBeTrue();
        reader.Next().ShouldBeFalse();
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x80, 201, 0 })]
    [InlineData(new byte[] { 0x80, 201, 0, 9, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0x81, 201, 0, 1, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0x80, 200, 0, 1, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0x00, 201, 0, 1, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0x81, 203, 0, 1, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0x80, 201, 0, 1, 0, 0, 0, 1, 0x80 })]
    public void What_is_no_report_is_not_opened(byte[] bytes) => RtcpReader.TryOpen(bytes, out _).ShouldBeFalse();

    [Fact]
    public void Telephone_events_come_back_as_written()
    {
        var bytes = new byte[4];
        var written = new TelephoneEvent(11, true, 63, 0xFFFF);
        written.Write(bytes);
        TelephoneEvent.TryParse(bytes, out var read).ShouldBeTrue();
        read.ShouldBe(written);
        read.Key.ShouldBe('#');
        TelephoneEvent.EventOf('d').ShouldBe((byte)15);
        TelephoneEvent.EventOf('?').ShouldBeNull();
        new TelephoneEvent(16, false, 0, 0).Key.ShouldBeNull();
        TelephoneEvent.TryParse(bytes.AsSpan(1), out _).ShouldBeFalse();
    }

    [Fact]
    public void Damaged_reports_are_read_or_refused_and_never_throw()
    {
        var buffer = new byte[256];
        var writer = new RtcpWriter(buffer);
        writer.SenderReport(1, 2, 3, 4, 5, new RtcpReportBlock(1, 2, 3, 4, 5, 6, 7));
        writer.SourceDescription(1, "someone");
        writer.Bye(1);
        foreach (var datagram in Mutations.Of(buffer[..writer.Length], 50_000, 2))
        {
            if (!RtcpReader.TryOpen(datagram, out var reader))
            {
                continue;
            }

            while (reader.Next())
            {
                _ = reader.SenderNtpMiddle;
                for (var i = 0; i < reader.BlockCount; i++)
                {
                    _ = reader.Block(i);
                }
            }
        }
    }

    /// <summary>A whole session fed with damaged packets of its own peer: nothing throws, the recording is never longer than the call.</summary>
    [Fact]
    public async Task A_session_survives_damaged_packets_of_its_peer()
    {
        using var rig = new EngineRig().Start();
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(100);
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = null, StopDigits = DigitSet.None }, CancellationToken.None);
        var audio = Mutations.Of(rig.Peer.Prepare(FakePeer.Tone()), 20_000, 3);
        var events = Mutations.Of(rig.Peer.Event('5', 800, end: true), 20_000, 4);
        var report = new byte[64];
        var writer = new RtcpWriter(report);
        writer.ReceiverReport(rig.Peer.Ssrc, new RtcpReportBlock(1, 2, 3, 4, 5, 6, 7));
        var reports = Mutations.Of(report[..writer.Length], 20_000, 5);
        var hostile = audio.Zip(events, reports).GetEnumerator();
        rig.EachFrame = _ =>
        {
            for (var i = 0; i < 10 && hostile.MoveNext(); i++)
            {
                rig.Peer.Send(hostile.Current.First);
                rig.Peer.Send(hostile.Current.Second);
                rig.Peer.SendReport(hostile.Current.Third);
            }
        };
        rig.Run(40_000);
        rig.Engine.Statistics.Sessions.ShouldBe(1);
        _ = rig.Session.DisposeAsync();
        var result = await rig.RunUntil(record);
        result.Duration.TotalSeconds.ShouldBeInRange(39, 41.1);
        rig.Session.Statistics.Malformed.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1600)]
    [InlineData(1601)]
    [InlineData(1900)]
    public async Task Payloads_of_odd_sizes_are_recorded_or_dropped_whole(int size)
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = null }, CancellationToken.None);
        rig.Run(400);
        rig.Peer.Send(rig.Peer.Prepare(FakePeer.Tone(size)));
        rig.Run(100);
        rig.Peer.Press('#');
        (await rig.RunUntil(record)).Duration.TotalMilliseconds.ShouldBe(520, 60);
        rig.Session.Statistics.Malformed.ShouldBe(size > 1600 ? 1 : 0);
    }
}
