using System.Text;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;
using Postbell.Media.Shaping;
using Postbell.Mime;

namespace Postbell.Delivery.Tests;

/// <summary>A quiet caller who waits, speaks for two seconds and waits again: what the person finds.</summary>
public sealed class ShapedDeliveryTests : IAsyncDisposable
{
    private readonly PipelineHouse _house = new();
    private readonly byte[] _received = QuietCaller();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Silence_at_the_ends_goes_and_the_duration_is_that_of_the_rest()
    {
        var (audio, text, composed) = await Deliver(level: false, trim: true);
        audio.Duration.TotalSeconds.ShouldBe(2.65, 0.1);
        text.ShouldContain("X-VoiceMessageDuration: 3\r\n");
        text.ShouldContain("(3 seconds)");
        composed.ShouldMatch("; trimmed 3[.][78] s at the beginning and 2[.][67] s at the end$");
        composed.ShouldNotContain("level");
        IndexOf(Received(), audio.Samples.Span).ShouldBeInRange(29_000, 31_000);
    }

    [Fact]
    public async Task A_quiet_caller_is_raised()
    {
        var (audio, text, composed) = await Deliver(level: true, trim: false);
        audio.Samples.Length.ShouldBe(_received.Length);
        text.ShouldContain("X-VoiceMessageDuration: 9\r\n");
        composed.ShouldContain("; level +");
        composed.ShouldContain("LUFS)");
        audio.Samples.ToArray().Max(s => Math.Abs((int)s)).ShouldBeGreaterThan(Received().Max(s => Math.Abs((int)s)) * 4);
    }

    [Fact]
    public async Task With_both_off_every_sample_is_as_it_came()
    {
        var (audio, _, composed) = await Deliver(level: false, trim: false);
        audio.Samples.ToArray().ShouldBe(Received());
        composed.ShouldEndWith("audio/wav");
    }

    [Fact]
    public async Task The_key_that_ended_it_is_not_heard()
    {
        var (audio, _, _) = await Deliver(level: false, trim: true, key: '#');
        Peak(audio).ShouldBeLessThan(1000);
        (audio, _, _) = await Deliver(level: false, trim: true, key: null, withSound: true);
        Peak(audio).ShouldBeGreaterThan(5000);
    }

    [Fact]
    public async Task A_key_before_the_caller_went_on_is_not_heard_either()
    {
        await _house.StartAsync();
        var id = TraceId.New(_house.Time);
        var before = Pound();
        var envelope = Sample.Envelope(id) with { Format = AttachmentFormat.Wav, TrimSilence = true };
        var entry = _house.Spool.Begin(envelope);
        Sample.Speak(entry.Sink, [.. _received, .. before, .. _received]);
        var at = TimeSpan.FromSeconds((_received.Length + before.Length) / 8000.0);
        await entry.SubmitAsync(envelope with { KeysWithin = [new PressedKey(at, '#')] }, default);
        await _house.EmptyQueue();
        var message = _house.Target.Messages[id];
        var audio = WavReader.Read(MimeParser.Parse(message).Descendants().Single(e => e.MediaType() == "audio/wav").Content(message));
        Peak(audio).ShouldBeLessThan(1000);
        audio.Duration.TotalSeconds.ShouldBe(11.65, 0.15);
    }

    private static int Peak(PcmAudio audio) => audio.Samples.ToArray().Max(s => Math.Abs((int)s));

    /// <summary>60 ms of # as a telephone sends it.</summary>
    private static byte[] Pound() =>
        [.. Enumerable.Range(0, 480).Select(i => G711.Encode((short)(4000 * (Math.Sin(2 * Math.PI * 941 * i / 8000) + Math.Sin(2 * Math.PI * 1477 * i / 8000))), G711Law.Mu))];

    private static byte[] QuietCaller()
    {
        var samples = new short[9 * 8000];
        var speech = Sample.Speech(TimeSpan.FromSeconds(2));
        for (var i = 0; i < speech.Length; i++)
        {
            // Loud and soft syllables, as voices have them.
            samples[(4 * 8000) + i] = (short)(G711.Decode(speech[i], G711Law.Mu) / (i % 1600 < 800 ? 15 : 60));
        }

        var codes = new byte[samples.Length];
        G711.Encode(samples, codes, G711Law.Mu);
        return codes;
    }

    private static int IndexOf(ReadOnlySpan<short> all, ReadOnlySpan<short> part) => all.IndexOf(part);

    private short[] Received() => [.. _received.Select(c => G711.Decode(c, G711Law.Mu))];

    private async Task<(PcmAudio Audio, string Text, string Composed)> Deliver(bool level, bool trim, char? key = null, bool withSound = false)
    {
        await _house.StartAsync();
        var id = TraceId.New(_house.Time);
        var envelope = Sample.Envelope(id) with { Format = AttachmentFormat.Wav, LevelRecording = level, TrimSilence = trim, EndedByKey = key };
        var entry = _house.Spool.Begin(envelope);
        Sample.Speak(entry.Sink, key is null && !withSound ? _received : [.. _received, .. Pound()]);
        await entry.SubmitAsync(envelope, default);
        await _house.EmptyQueue();
        var message = _house.Target.Messages[id];
        var wav = MimeParser.Parse(message).Descendants().Single(e => e.MediaType() == "audio/wav").Content(message);
        return (WavReader.Read(wav), Encoding.ASCII.GetString(message), _house.Target.Detail(id, "composed"));
    }
}
