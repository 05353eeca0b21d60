using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;
using Postbell.Media.Recording;

namespace Postbell.Media;

/// <summary>
/// A piece of audio that calls play: immutable, shared by all calls without copying. It is companded once per law, when first needed; wideband audio keeps
/// its band for calls that have one.
/// </summary>
public sealed class AudioClip
{
    private readonly PcmAudio? _linear;
    private readonly ReadOnlyMemory<byte> _g711;
    private readonly G711Law _g711Law;
    private byte[]? _mu;
    private byte[]? _a;
    private PcmAudio? _wide;

    private AudioClip(PcmAudio linear)
    {
        _linear = linear;
        Length = linear.Samples.Length / (linear.SampleRate / G711.SampleRate);
    }

    private AudioClip(ReadOnlyMemory<byte> g711, G711Law law)
    {
        _g711 = g711;
        _g711Law = law;
        Length = g711.Length;
    }

    /// <summary>A clip without audio.</summary>
    public static AudioClip Empty { get; } = new(new PcmAudio(ReadOnlyMemory<short>.Empty, G711.SampleRate));

    /// <summary>Length in ticks of 1/8000 s, whatever the sample rate.</summary>
    public int Length { get; }

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromMicroseconds(Length * 125L);

    /// <summary>A clip of linear audio of any sample rate between 4 and 192 kHz; it is kept at 8 kHz, or at 16 kHz when it has more than 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public static AudioClip FromPcm(PcmAudio audio) =>
        new(Resampler.Convert(audio, audio.SampleRate > G711.SampleRate ? VoiceCodecFacts.WideRate : G711.SampleRate));

    /// <summary>A clip of a WAV file: PCM of 8 or 16 bits, or G.711; mono or stereo; any usual sample rate.</summary>
    /// <exception cref="WavFormatException">The file is damaged, too long or of another kind; the message says which, in words for an operator.</exception>
    public static AudioClip FromWav(ReadOnlyMemory<byte> file) => FromPcm(WavReader.Read(file.Span));

    /// <summary>A clip of a WAV file in a stream, read to its end.</summary>
    /// <exception cref="WavFormatException">As for bytes.</exception>
    public static AudioClip FromWav(Stream stream) => FromPcm(WavReader.Read(stream));

    /// <summary>A clip of G.711 samples, for instance a recording played back. The memory must not change afterwards.</summary>
    public static AudioClip FromG711(ReadOnlyMemory<byte> codes, G711Law law) => new(codes, law);

    /// <summary>A clip of a stretch of a recording. The memory must not change afterwards.</summary>
    public static AudioClip FromRun(RecordedRun run) => run.Format.Law() is { } law
        ? FromG711(run.Bytes, law)
        : new AudioClip(new PcmAudio(MemoryMarshal.Cast<byte, short>(run.Bytes.Span).ToArray(), VoiceCodecFacts.WideRate));

    /// <summary>Silence of some length.</summary>
    public static AudioClip Silence(TimeSpan duration) =>
        new(new PcmAudio(new short[Math.Max(0, (int)(duration.TotalSeconds * G711.SampleRate))], G711.SampleRate));

    /// <summary>The clip in one law: <see cref="Length"/> bytes.</summary>
    public ReadOnlyMemory<byte> Encoded(G711Law law)
    {
        if (!_g711.IsEmpty && law == _g711Law)
        {
            return _g711;
        }

        ref var cached = ref law == G711Law.A ? ref _a : ref _mu;
        return Volatile.Read(ref cached) ?? Store(ref cached, Encode(law));
    }

    /// <summary>The clip as linear audio at 8 kHz.</summary>
    public PcmAudio ToPcm()
    {
        if (_linear is { } linear)
        {
            return Resampler.Convert(linear, G711.SampleRate);
        }

        var samples = new short[Length];
        G711.Decode(_g711.Span, samples, _g711Law);
        return new PcmAudio(samples, G711.SampleRate);
    }

    /// <summary>The clip as linear audio at 16 kHz, two samples a tick; kept once made.</summary>
    public PcmAudio Wide()
    {
        if (_linear is { SampleRate: VoiceCodecFacts.WideRate })
        {
            return _linear;
        }

        return Volatile.Read(ref _wide) ?? Store(ref _wide, Resampler.Convert(ToPcm(), VoiceCodecFacts.WideRate));
    }

    private static T Store<T>(ref T? cached, T made)
        where T : class => Interlocked.CompareExchange(ref cached, made, null) ?? made;

    private byte[] Encode(G711Law law)
    {
        var codes = new byte[Length];
        if (_linear is null)
        {
            G711.Transcode(_g711.Span, _g711Law, codes, law);
        }
        else
        {
            G711.Encode(ToPcm().Samples.Span[..Length], codes, law);
        }

        return codes;
    }
}
