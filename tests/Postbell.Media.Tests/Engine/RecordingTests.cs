using Postbell.Media.Codecs;
using Postbell.Media.Engine;
using Postbell.Media.Sdp;

namespace Postbell.Media.Tests.Engine;

public sealed class RecordingTests
{
    private static readonly RecordLimits s_noSilence = new() { SilenceTimeout = null };

    [Fact]
    public async Task Records_every_sample_the_peer_sent_in_order()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var sent = new List<byte>();
        rig.EachFrame = frame =>
        {
            var audio = FakePeer.Tone(offset: frame * 160);
            sent.AddRange(audio);
            rig.Peer.Audio(audio);
        };
        rig.Run(2000);
        rig.EachFrame = null;
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Digit);
        result.Digit.ShouldBe('#');
        rig.Sink.Audio[..sent.Count].SequenceEqual(sent.ToArray()).ShouldBeTrue();
        result.Duration.TotalMilliseconds.ShouldBe(2000, 60);
        result.SpeechDuration.TotalMilliseconds.ShouldBe(2000, 60);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(60)]
    public async Task Lost_packets_do_not_make_the_recording_shorter(int ptime)
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var random = new Random(7);
        var packets = 0;
        rig.EachFrame = frame =>
        {
            while (packets * ptime <= frame * 20)
            {
                packets++;
                var packet = rig.Peer.Prepare(FakePeer.Tone(ptime * 8));
                if (random.NextDouble() > 0.1)
                {
                    rig.Peer.Send(packet);
                }
            }
        };
        rig.Run(10_000);
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBe(10_000, 100);
        rig.Session.Statistics.PacketsLost.ShouldBeInRange(packets / 20, packets / 5);
        rig.Sink.Length.ShouldBe((int)(result.Duration.TotalSeconds * 8000));
    }

    [Fact]
    public async Task Reordered_and_repeated_packets_leave_no_trace_in_the_audio()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var sent = new List<byte>();
        byte[]? held = null;
        rig.EachFrame = frame =>
        {
            var audio = FakePeer.Tone(offset: frame * 160, amplitude: 2000 + (frame * 20));
            sent.AddRange(audio);
            var packet = rig.Peer.Prepare(audio);
            if (frame % 5 == 2)
            {
                held = packet;
                return;
            }

            rig.Peer.Send(packet);
            rig.Peer.Send(packet);
            if (frame % 5 == 4)
            {
                rig.Peer.Send(held!);
            }
        };
        rig.Run(3000);
        rig.EachFrame = null;
        rig.Run(40);
        rig.Peer.Press('#');
        await rig.RunUntil(record);
        rig.Sink.Audio[..sent.Count].SequenceEqual(sent.ToArray()).ShouldBeTrue();
        var statistics = rig.Session.Statistics;
        statistics.Reordered.ShouldBe(30);
        statistics.Duplicates.ShouldBe(120);
        statistics.PacketsLost.ShouldBe(0);
    }

    [Theory]
    [InlineData(36)]
    [InlineData(74)]
    [InlineData(225)]
    public async Task A_burst_after_a_stall_of_the_network_is_kept_whole(int frames)
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var sent = new List<byte>();
        var stalled = new List<byte[]>();
        rig.EachFrame = frame =>
        {
            var audio = FakePeer.Tone(offset: frame * 160, amplitude: 2000 + (frame * 20));
            sent.AddRange(audio);
            stalled.Add(rig.Peer.Prepare(audio));
            if (frame < 50 || frame >= 50 + frames)
            {
                // What waits in a port's queue at once is bounded.
                foreach (var datagram in stalled.Take(8))
                {
                    rig.Peer.Send(datagram);
                }

                stalled.RemoveRange(0, Math.Min(8, stalled.Count));
            }
        };
        rig.Run(2000 + (frames * 20));
        rig.EachFrame = null;
        rig.Peer.Press('#');
        await rig.RunUntil(record);
        rig.Sink.Audio[..sent.Count].SequenceEqual(sent.ToArray()).ShouldBeTrue();
    }

    [Fact]
    public void Who_listens_along_hears_at_once_that_nothing_comes()
    {
        using var rig = new EngineRig().Start();
        _ = rig.Session.RecordAsync(rig.Sink, s_noSilence with { MaxOwed = TimeSpan.FromMilliseconds(200) }, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame < 50)
            {
                rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
            }
        };
        rig.Run(2000);
        rig.Sink.Audio.Length.ShouldBeInRange((1800 - 60) * 8, 1800 * 8);
        rig.Sink.Audio[8000..].ContainsAnyExcept(G711.SilenceByte(G711Law.Mu)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_pause_that_the_timestamps_do_not_count_loses_nothing_and_silence_is_measured_on()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        var sent = new List<byte>();
        rig.EachFrame = frame =>
        {
            if (frame is < 50 or (>= 200 and < 350))
            {
                var audio = TestVoice.SpeakCoded(8000, pauses: false).AsSpan(frame % 50 * 160, 160);
                sent.AddRange(audio);
                rig.Peer.Audio(audio.ToArray());
            }
        };
        var result = await rig.RunUntil(record);
        rig.Sink.Audio[..sent.Count].SequenceEqual(sent.ToArray()).ShouldBeTrue();
        result.End.ShouldBe(RecordEnd.Silence);
        result.Duration.TotalMilliseconds.ShouldBe(4000 + 5200, 150);
    }

    [Fact]
    public async Task Silence_ends_a_recording_after_the_limit_and_speech_is_measured()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        rig.EachFrame = frame => rig.Peer.Audio(FakePeer.Tone(amplitude: frame < 150 ? 6000 : 20, offset: frame * 160));
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Silence);
        result.SpeechDuration.TotalMilliseconds.ShouldBe(3000, 60);
        result.Duration.TotalMilliseconds.ShouldBe(8000, 100);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-45)]
    [InlineData(-40)]
    public async Task Noise_of_the_line_counts_as_silence(int levelDb)
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        var random = new Random(3);
        rig.EachFrame = frame => rig.Peer.Audio(NoisySpeech(random, levelDb, speaking: frame is > 50 and < 200));
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Silence);
        result.Duration.TotalMilliseconds.ShouldBe(9000, 200);
        result.SpeechDuration.TotalMilliseconds.ShouldBe(3000, 200);
    }

    [Fact]
    public async Task The_busy_tone_after_the_caller_hung_up_counts_as_silence_from_its_beginning()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        var busy = SpeechMeterTests.Tone(60_000, -12, 480, 620, 500, 500);
        rig.EachFrame = frame => rig.Peer.Audio(frame < 150
            ? FakePeer.Tone(amplitude: 6000, offset: frame * 160)
            : busy.AsSpan((frame - 150) * 160, 160).ToArray().Select(s => G711.Encode(s, G711Law.Mu)).ToArray());
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Silence);
        result.SpeechDuration.TotalMilliseconds.ShouldBe(3000, 100);
        result.Duration.TotalMilliseconds.ShouldBe(8000, 150);
    }

    [Fact]
    public async Task Clicks_are_no_speech()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        rig.EachFrame = frame => rig.Peer.Audio(FakePeer.Tone(amplitude: frame % 40 == 0 ? 12000 : 20));
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Silence);
        result.SpeechDuration.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_peer_that_sends_nothing_is_recorded_as_silence()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Silence);
        result.SpeechDuration.ShouldBe(TimeSpan.Zero);
        result.Duration.TotalMilliseconds.ShouldBe(5200, 100);
    }

    [Fact]
    public async Task The_longest_recording_ends_exactly_at_its_limit()
    {
        using var rig = new EngineRig().Start();
        var limits = new RecordLimits { MaxDuration = TimeSpan.FromMilliseconds(1990), SilenceTimeout = null };
        var record = rig.Session.RecordAsync(rig.Sink, limits, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.MaxDuration);
        result.Duration.ShouldBe(TimeSpan.FromMilliseconds(1990));
        rig.Sink.Length.ShouldBe(1990 * 8);
    }

    [Fact]
    public async Task Cancellation_keeps_what_was_recorded_and_throws_nothing()
    {
        using var rig = new EngineRig().Start();
        using var hangup = new CancellationTokenSource();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, hangup.Token);
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(1000);
        hangup.Cancel();
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Cancelled);
        result.Duration.TotalMilliseconds.ShouldBe(1000, 40);
    }

    [Fact]
    public async Task Closing_the_session_ends_the_recording_as_cancelled()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(500);
        var closing = rig.Session.DisposeAsync();
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Cancelled);
        await closing;
        rig.Engine.Statistics.Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task Key_presses_that_stop_nothing_are_silence_in_the_audio_and_wait_in_the_queue()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame is >= 50 and < 55)
            {
                rig.Peer.Send(rig.Peer.Event('5', (frame - 49) * 160, end: frame == 54, marker: frame == 50));
                rig.Peer.Timestamp += frame == 54 ? 800u : 0;
            }
            else
            {
                rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
            }
        };
        rig.Run(2000);
        rig.EachFrame = null;
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBe(2000, 60);
        rig.Sink.Audio[(50 * 160)..(55 * 160)].ContainsAnyExcept(G711.SilenceByte(G711Law.Mu)).ShouldBeFalse();
        rig.Sink.Audio[(55 * 160)..(60 * 160)].SequenceEqual(FakePeer.Tone(800, offset: 55 * 160)).ShouldBeTrue();
        (await rig.RunUntil(rig.Session.CollectDigitAsync(TimeSpan.Zero, CancellationToken.None))).ShouldBe('5');
    }

    [Fact]
    public async Task Time_on_hold_is_not_recorded_and_does_not_count_as_silence()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(2000);
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local, direction: MediaDirection.RecvOnly));
        rig.Run(20_000);
        record.IsCompleted.ShouldBeFalse();
        rig.Session.Update(EngineRig.Agreed(rig.Peer.Rtp.Local));
        rig.Run(1000);
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBe(3000, 100);
        rig.Events.Timeouts.ShouldBe(0);
    }

    [Fact]
    public async Task A_change_of_payload_type_in_the_middle_reaches_the_sink_with_its_law()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame => rig.Peer.Audio(
            FakePeer.Tone(law: frame < 50 ? G711Law.Mu : G711Law.A), type: frame < 50 ? (byte)0 : (byte)8);
        rig.Run(2000);
        rig.Peer.Press('#');
        await rig.RunUntil(record);
        rig.Sink.Laws.ShouldBe([G711Law.Mu, G711Law.A], ignoreOrder: true);
        rig.Sink.Audio[..160].SequenceEqual(FakePeer.Tone()).ShouldBeTrue();
        rig.Sink.Audio[(60 * 160)..(61 * 160)].SequenceEqual(FakePeer.Tone(law: G711Law.A)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_of_the_source_identifier_goes_on_without_a_hole()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame == 50)
            {
                rig.Peer.Ssrc = 0xBEEF;
                rig.Peer.Sequence = 4711;
                rig.Peer.Timestamp = 123_456_789;
            }

            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        };
        rig.Run(2000);
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBe(2000, 60);
        rig.Session.Statistics.SourceChanges.ShouldBe(1);
        rig.Sink.Audio[..16000].SequenceEqual(FakePeer.Tone(16000)).ShouldBeTrue();
    }

    [Fact]
    public async Task Pauses_of_the_sender_are_silence_of_the_right_length()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            if (frame is >= 50 and < 100)
            {
                rig.Peer.Timestamp += 160;
                return;
            }

            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        };
        rig.Run(3000);
        rig.EachFrame = null;
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBe(3000, 60);
        rig.Sink.Audio[8000..16000].ContainsAnyExcept(G711.SilenceByte(G711Law.Mu)).ShouldBeFalse();
        rig.Sink.Audio[16000..24000].SequenceEqual(FakePeer.Tone(8000)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(-1_000_000)]
    [InlineData(int.MinValue)]
    public async Task A_jump_of_the_peers_clock_neither_fills_nor_loses_audio(int jump)
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            rig.Peer.Timestamp += frame == 50 ? (uint)jump : 0;
            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        };
        rig.Run(2000);
        rig.Peer.Press('#');
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBe(2000, 60);
        rig.Sink.Audio[..16000].SequenceEqual(FakePeer.Tone(16000)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_clock_of_the_peer_that_stands_still_loses_nothing()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame =>
        {
            rig.Peer.Timestamp = 99;
            rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        };
        rig.Run(2000);
        _ = rig.Session.DisposeAsync();
        await rig.RunUntil(record);
        rig.Sink.Audio[..16000].SequenceEqual(FakePeer.Tone(16000)).ShouldBeTrue();
    }

    [Fact]
    public async Task Comfort_noise_alone_is_a_recording_without_speech()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        rig.EachFrame = _ =>
        {
            rig.Peer.Send(rig.Peer.Packet([60], type: 13));
            rig.Peer.Timestamp += 160;
        };
        var result = await rig.RunUntil(record);
        result.End.ShouldBe(RecordEnd.Silence);
        result.SpeechDuration.ShouldBe(TimeSpan.Zero);
        rig.Events.Timeouts.ShouldBe(0);
    }

    [Fact]
    public async Task What_waits_in_the_socket_at_hang_up_is_recorded()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = frame => rig.Peer.Audio(FakePeer.Tone(offset: frame * 160));
        rig.Run(1000);
        for (var i = 50; i < 60; i++)
        {
            rig.Peer.Audio(FakePeer.Tone(offset: i * 160));
        }

        _ = rig.Session.DisposeAsync();
        rig.Engine.Step();
        (await record).Duration.ShouldBe(TimeSpan.FromMilliseconds(1200));
        rig.Sink.Audio.SequenceEqual(FakePeer.Tone(9600)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_recording_begun_before_the_answer_starts_with_it()
    {
        using var rig = new EngineRig();
        var record = rig.Session.RecordAsync(rig.Sink, new RecordLimits { SilenceTimeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
        rig.Run(20_000);
        record.IsCompleted.ShouldBeFalse();
        rig.Start();
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(1000);
        rig.Peer.Press('#');
        (await rig.RunUntil(record)).Duration.TotalMilliseconds.ShouldBe(1000, 60);
    }

    [Fact]
    public async Task A_flood_from_the_peer_does_not_make_the_recording_longer_than_the_call()
    {
        using var rig = new EngineRig().Start();
        var record = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.EachFrame = _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                rig.Peer.Audio(FakePeer.Tone());
            }
        };
        rig.Run(5000);
        rig.Peer.Press('#');
        rig.EachFrame = null;
        var result = await rig.RunUntil(record);
        result.Duration.TotalMilliseconds.ShouldBeInRange(4900, 6100);
    }

    [Fact]
    public async Task A_second_recording_at_once_is_refused()
    {
        using var rig = new EngineRig().Start();
        var first = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        var second = rig.Session.RecordAsync(rig.Sink, s_noSilence, CancellationToken.None);
        rig.Run(20);
        await Should.ThrowAsync<InvalidOperationException>(second);
        first.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_sink_that_throws_ends_its_own_call_only()
    {
        using var rig = new EngineRig().Start();
        var other = rig.Engine.Open(EngineRig.ServerAddress, new RecordedEvents());
        other.Start(EngineRig.Agreed(rig.Peer.Rtp.Local), symmetric: false);
        var record = rig.Session.RecordAsync(new ThrowingSink(), s_noSilence, CancellationToken.None);
        rig.EachFrame = _ => rig.Peer.Audio(FakePeer.Tone());
        rig.Run(100);
        rig.Engine.Statistics.Sessions.ShouldBe(1);
        await Should.ThrowAsync<IOException>(record);
    }

    private static byte[] NoisySpeech(Random random, int levelDb, bool speaking)
    {
        var noise = 32768 * Math.Pow(10, levelDb / 20.0);
        var codes = new byte[160];
        var pitch = speaking ? random.Next(250, 350) : 0;
        for (var i = 0; i < codes.Length; i++)
        {
            // Sum of uniform numbers: near enough to normal noise of the level asked for.
            var sample = noise * Math.Sqrt(3) * (random.NextDouble() + random.NextDouble() - random.NextDouble() - random.NextDouble()) / 1.155 / 1.0;
            sample += 5000 * Math.Sin(2 * Math.PI * pitch * i / 8000);
            codes[i] = G711.Encode((short)Math.Clamp(sample, short.MinValue, short.MaxValue), G711Law.Mu);
        }

        return codes;
    }

    private sealed class ThrowingSink : IRecordingSink
    {
        public void Append(ReadOnlySpan<byte> g711, G711Law law) => throw new IOException("full");

        public void Append(ReadOnlySpan<short> wide) => throw new IOException("full");
    }
}
