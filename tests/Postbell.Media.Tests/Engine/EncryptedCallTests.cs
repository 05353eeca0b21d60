using System.Net;
using Postbell.Media.Engine;
using Postbell.Media.Rtp;
using Postbell.Media.Sdp;
using Postbell.Media.Srtp;
using Postbell.Media.Tests.Srtp;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Engine;

/// <summary>Whole calls over SRTP: what the key fits is heard, everything else is counted and hurts nobody.</summary>
public sealed class EncryptedCallTests
{
    private static readonly RecordLimits s_limits = new() { SilenceTimeout = null };

    private readonly SrtpKey _peerKey = SrtpKey.Random(SrtpSuite.AesCm128HmacSha1Tag80);
    private readonly SrtpKey _ownKey = SrtpKey.Random(SrtpSuite.AesCm128HmacSha1Tag80);

    [Fact]
    public async Task An_encrypted_call_is_recorded_and_a_key_is_pressed_once()
    {
        using var rig = Start();
        using var voice = SrtpContext.Create(_peerKey, inbound: false);
        var record = rig.Session.RecordAsync(rig.Sink, s_limits, CancellationToken.None);
        rig.EachFrame = frame => Speak(rig, voice, frame);
        rig.Run(1000);
        rig.EachFrame = null;
        SendEncrypted(rig, voice, rig.Peer.Event('#', 160, marker: true));
        SendEncrypted(rig, voice, rig.Peer.Event('#', 640, end: true));
        (await rig.RunUntil(record)).Digit.ShouldBe('#');
        rig.Run(200);
        rig.Events.Digits.Count.ShouldBe(1);
        rig.Sink.Audio[..8000].SequenceEqual(FakePeer.Tone(8000)).ShouldBeTrue();
        rig.Session.Statistics.Encrypted.ShouldBeTrue();
        rig.Session.Statistics.Unauthentic.ShouldBe(0);
    }

    [Fact]
    public async Task What_we_play_and_report_is_encrypted_with_our_key()
    {
        using var rig = Start();
        var play = rig.Session.PlayAsync(AudioClip.FromG711(FakePeer.Tone(1600), G711Law.Mu), DigitSet.None, CancellationToken.None);
        await rig.RunUntil(play);
        rig.Peer.Collect();
        rig.Peer.Packets.Count.ShouldBe(10);
        using var ear = SrtpContext.Create(_ownKey, inbound: true);
        for (var i = 0; i < 10; i++)
        {
            var received = rig.Peer.Packets[i];
            var datagram = new byte[RtpPacket.HeaderBytes + received.Payload.Length];
            RtpPacket.WriteHeader(datagram, received.Type, received.Marker, received.Sequence, received.Timestamp, received.Ssrc);
            received.Payload.CopyTo(datagram, RtpPacket.HeaderBytes);
            ear.Unprotect(datagram, out var length).ShouldBe(SrtpVerdict.Accept);
            datagram.AsSpan(RtpPacket.HeaderBytes..length).SequenceEqual(FakePeer.Tone(1600).AsSpan(i * 160, 160)).ShouldBeTrue();
        }

        rig.Run(10_000);
        var report = rig.Peer.CollectReports()[0];
        ear.UnprotectReport(report, out var reportLength).ShouldBe(SrtpVerdict.Accept);
        RtcpReader.TryOpen(report.AsSpan(0, reportLength), out _).ShouldBeTrue();
    }

    /// <summary>The matrix: each suite, with and without an index of the key, heard and spoken, and a key pressed.</summary>
    [Theory]
    [InlineData(SrtpSuite.AeadAes256Gcm, false)]
    [InlineData(SrtpSuite.AeadAes256Gcm, true)]
    [InlineData(SrtpSuite.AeadAes128Gcm, false)]
    [InlineData(SrtpSuite.AeadAes128Gcm, true)]
    [InlineData(SrtpSuite.Aes256CmHmacSha1Tag80, false)]
    [InlineData(SrtpSuite.Aes256CmHmacSha1Tag80, true)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80, false)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80, true)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32, false)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32, true)]
    public async Task Every_suite_is_spoken_both_ways(SrtpSuite suite, bool hasIndex)
    {
        byte[] index = hasIndex ? [0, 0, 0, 1] : [];
        var (theirs, ours) = (SrtpKey.Random(suite), SrtpKey.Random(suite));
        using var rig = new EngineRig();
        rig.Peer.Sequence = 65_520;
        rig.Session.Start(Agreed(rig, new SrtpKeys(theirs.WithIndex(index), ours)), symmetric: false);
        rig.Engine.Step();
        using var voice = SrtpContext.Create(theirs, inbound: false);
        using var ear = SrtpContext.Create(ours, inbound: true);
        void Send(byte[] packet) => rig.Peer.Send(SrtpPackets.WithIndex(SrtpPackets.Encrypt(voice, packet), suite, index));
        var record = rig.Session.RecordAsync(rig.Sink, s_limits, CancellationToken.None);
        rig.EachFrame = frame => Send(rig.Peer.Prepare(FakePeer.Tone(offset: frame * 160)));
        rig.Run(1000);
        rig.EachFrame = null;
        Send(rig.Peer.Event('#', 160, marker: true));
        Send(rig.Peer.Event('#', 640, end: true));
        (await rig.RunUntil(record)).Digit.ShouldBe('#');
        rig.Sink.Audio[..8000].SequenceEqual(FakePeer.Tone(8000)).ShouldBeTrue();
        rig.Session.Statistics.Unauthentic.ShouldBe(0);

        var heard = new List<byte>();
        rig.Memory!.OnDatagram = (from, _, bytes) =>
        {
            if (from.Port == rig.Session.LocalRtp.Port)
            {
                var datagram = bytes.ToArray();
                ear.Unprotect(datagram, out var length).ShouldBe(SrtpVerdict.Accept);
                heard.AddRange(datagram.AsSpan(RtpPacket.HeaderBytes..length));
            }

            return true;
        };
        await rig.RunUntil(rig.Session.PlayAsync(AudioClip.FromG711(FakePeer.Tone(1600), G711Law.Mu), DigitSet.None, CancellationToken.None));
        heard.ShouldBe(FakePeer.Tone(1600));
    }

    [Fact]
    public async Task Garbage_forged_and_repeated_packets_are_counted_and_neither_heard_nor_end_the_call()
    {
        using var rig = Start(rtpTimeout: TimeSpan.FromSeconds(5));
        using var voice = SrtpContext.Create(_peerKey, inbound: false);
        using var forger = SrtpContext.Create(SrtpKey.Random(SrtpSuite.AesCm128HmacSha1Tag80), inbound: false);
        var random = new Random(9);
        var garbage = new byte[300];
        var record = rig.Session.RecordAsync(rig.Sink, s_limits, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            var genuine = Speak(rig, voice, frame);
            rig.Peer.Send(genuine);
            for (var i = 0; i < 5; i++)
            {
                random.NextBytes(garbage);
                garbage[0] = (byte)(0x80 | (garbage[0] & 0x1F));
                rig.Peer.Send(garbage[..random.Next(0, 300)]);
            }

            rig.Peer.SendReport([0x81, 203, 0, 1, 0, 0, 0xCA, 0xFE]);
            var kept = (rig.Peer.Sequence, rig.Peer.Timestamp);
            SendEncrypted(rig, forger, rig.Peer.Event('#', 160, marker: true));
            rig.Peer.Send(rig.Peer.Event('#', 160, marker: true));
            (rig.Peer.Sequence, rig.Peer.Timestamp) = kept;
        };
        rig.Run(3000);
        record.IsCompleted.ShouldBeFalse();
        rig.Events.Digits.ShouldBeEmpty();
        var statistics = rig.Session.Statistics;
        statistics.Unauthentic.ShouldBeGreaterThan(7 * 140);
        statistics.Replayed.ShouldBeInRange(149, 150);
        statistics.ReportsReceived.ShouldBe(0);
        rig.Engine.Statistics.UnauthenticPackets.ShouldBe(statistics.Unauthentic);
        _ = rig.Session.DisposeAsync();
        await rig.RunUntil(record);
        rig.Sink.Audio[..23_000].SequenceEqual(FakePeer.Tone(23_000)).ShouldBeTrue();
    }

    [Fact]
    public void Garbage_alone_is_no_sign_of_life()
    {
        using var rig = Start(rtpTimeout: TimeSpan.FromSeconds(5));
        rig.EachFrame = frame => rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        rig.Run(6000);
        rig.Events.Timeouts.ShouldBe(1);
        rig.Session.Statistics.Unauthentic.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Where_the_peer_is_can_be_learned_only_from_packets_its_key_fits()
    {
        using var rig = Start(symmetric: true);
        using var voice = SrtpContext.Create(_peerKey, inbound: false);
        var stranger = new FakePeer(rig, IPAddress.Parse("10.6.6.6"));
        var real = new FakePeer(rig, IPAddress.Parse("10.7.7.7"));
        rig.EachFrame = frame =>
        {
            stranger.Audio(FakePeer.Tone());
            if (frame > 20)
            {
                real.Send(SrtpPackets.Encrypt(voice, real.Prepare(FakePeer.Tone(offset: frame * 160))));
            }
        };
        rig.Run(1000);
        _ = rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(1)), DigitSet.None, CancellationToken.None);
        rig.Run(1000);
        stranger.Discard().ShouldBe(0);
        real.Discard().ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task A_new_key_takes_over_without_losing_what_is_on_its_way_under_the_old_one()
    {
        using var rig = Start();
        var newKey = SrtpKey.Random(SrtpSuite.AeadAes256Gcm);
        using var before = SrtpContext.Create(_peerKey, inbound: false);
        using var after = SrtpContext.Create(newKey, inbound: false);
        var record = rig.Session.RecordAsync(rig.Sink, s_limits, CancellationToken.None);
        rig.EachFrame = frame => Speak(rig, frame < 60 ? before : after, frame);
        rig.Run(1000);
        rig.Session.Update(Agreed(rig, new SrtpKeys(newKey, SrtpKey.Random(SrtpSuite.AeadAes256Gcm))));
        rig.Run(1000);
        rig.Session.Statistics.Unauthentic.ShouldBe(0);
        rig.Sink.Audio[..15_000].SequenceEqual(FakePeer.Tone(15_000)).ShouldBeTrue();

        // The old key is worth nothing once the new one was used.
        rig.EachFrame = frame => Speak(rig, before, frame);
        rig.Run(500);
        rig.Session.Statistics.Unauthentic.ShouldBeInRange(24, 26);
        _ = rig.Session.DisposeAsync();
        await rig.RunUntil(record);
    }

    [Fact]
    public void A_hold_with_the_same_keys_goes_on_with_the_count_of_packets()
    {
        using var rig = Start();
        using var voice = SrtpContext.Create(_peerKey, inbound: false);
        // Past a wrap of the sequence numbers: a context begun anew would not find the roll-over counter.
        rig.Peer.Sequence = 65_500;
        rig.EachFrame = frame => Speak(rig, voice, frame);
        rig.Run(2000);
        rig.Session.Update(Agreed(rig, new SrtpKeys(_peerKey, _ownKey)) with { Direction = MediaDirection.RecvOnly });
        rig.Run(500);
        rig.Session.Update(Agreed(rig, new SrtpKeys(_peerKey, _ownKey)));
        rig.Run(500);
        rig.Session.Statistics.Unauthentic.ShouldBe(0);
        rig.Session.Statistics.PacketsReceived.ShouldBeGreaterThan(145);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Encryption_allocates_nothing_per_packet(bool play)
    {
        using var rig = Start();
        using var voice = SrtpContext.Create(_peerKey, inbound: false);
        var tone = FakePeer.Tone();
        var packets = new byte[1200][];
        for (var i = 0; i < packets.Length; i++)
        {
            packets[i] = SrtpPackets.Encrypt(voice, rig.Peer.Prepare(tone));
        }

        Task work = play
            ? rig.Session.PlayAsync(AudioClip.Silence(TimeSpan.FromMinutes(10)), DigitSet.None, CancellationToken.None)
            : rig.Session.RecordAsync(rig.Sink, s_limits, CancellationToken.None);
        long Pass(int from, int to)
        {
            var played = 0L;
            for (var i = from; i < to; i++)
            {
                rig.Peer.Send(packets[i]);
                rig.Run(20);
                played += rig.Peer.Discard();
            }

            return played;
        }

        Pass(0, 200);
        var received = rig.Session.Statistics.PacketsReceived;
        var sent = 0L;
        var allocated = AllocationMeter.Least(4, round => sent += Pass(200 + (round * 250), 450 + (round * 250)));
        work.IsCompleted.ShouldBeFalse();
        (play ? sent : rig.Session.Statistics.PacketsReceived - received).ShouldBeInRange(998, 1002);
        allocated.ShouldBe(0);
    }

    private static NegotiatedAudio Agreed(EngineRig rig, SrtpKeys keys) => EngineRig.Agreed(rig.Peer.Rtp.Local) with { Srtp = keys };

    private static byte[] Speak(EngineRig rig, SrtpContext voice, int frame) =>
        SendEncrypted(rig, voice, rig.Peer.Prepare(FakePeer.Tone(offset: frame * 160)));

    private static byte[] SendEncrypted(EngineRig rig, SrtpContext context, byte[] packet)
    {
        var encrypted = SrtpPackets.Encrypt(context, packet);
        rig.Peer.Send(encrypted);
        return encrypted;
    }

    private EngineRig Start(bool symmetric = false, TimeSpan? rtpTimeout = null)
    {
        var rig = new EngineRig(options: new MediaEngineOptions { RtpTimeout = rtpTimeout ?? TimeSpan.FromSeconds(30) });
        rig.Peer.Sequence = 100;
        rig.Session.Start(Agreed(rig, new SrtpKeys(_peerKey, _ownKey)), symmetric);
        rig.Engine.Step();
        return rig;
    }
}
