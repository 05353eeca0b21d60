using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Media;

/// <summary>
/// A piece of audio that calls play: immutable, shared by all calls without copying. It is companded once per law, when first needed.
/// </summary>
public sealed class AudioClip
{
    private readonly ReadOnlyMemory<short> _samples;
    private readonly ReadOnlyMemory<byte> _source;
    private readonly G711Law _sourceLaw;
    private byte[]? _mu;
    private byte[]? _a;

    private AudioClip(ReadOnlyMemory<short> samples)
    {
        _samples = samples;
        Length = samples.Length;
    }

    private AudioClip(ReadOnlyMemory<byte> g711, G711Law law)
    {
        _source = g711;
        _sourceLaw = law;
        Length = g711.Length;
    }

    /// <summary>A clip without audio.</summary>
    public static AudioClip Empty { get; } = new(ReadOnlyMemory<short>.Empty);

    /// <summary>Samples at 8000 Hz.</summary>
    public int Length { get; }

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromMicroseconds(Length * 125L);

    /// <summary>A clip of linear audio of any sample rate between 4 and 192 kHz; it is resampled to 8 kHz.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public static AudioClip FromPcm(PcmAudio audio) =>
        new(Resampler.Convert(audio, G711.SampleRate).Samples);

    /// <summary>A clip of a WAV file: PCM of 8 or 16 bits, or G.711; mono or stereo; any usual sample rate.</summary>
    /// <exception cref="WavFormatException">The file is damaged, too long or of another kind; the message says which, in words for an operator.</exception>
    public static AudioClip FromWav(ReadOnlyMemory<byte> file) => FromPcm(WavReader.Read(file.Span));

    /// <summary>A clip of a WAV file in a stream, read to its end.</summary>
    /// <exception cref="WavFormatException">As for bytes.</exception>
    public static AudioClip FromWav(Stream stream) => FromPcm(WavReader.Read(stream));

    /// <summary>A clip of G.711 samples, for instance a recording played back. The memory must not change afterwards.</summary>
    public static AudioClip FromG711(ReadOnlyMemory<byte> codes, G711Law law) => new(codes, law);

    /// <summary>Silence of some length.</summary>
    public static AudioClip Silence(TimeSpan duration) => new(new short[Math.Max(0, (int)(duration.TotalSeconds * G711.SampleRate))]);

    /// <summary>The clip in one law: <see cref="Length"/> bytes.</summary>
    public ReadOnlyMemory<byte> Encoded(G711Law law)
    {
        if (!_source.IsEmpty && law == _sourceLaw)
        {
            return _source;
        }

        ref var cached = ref law == G711Law.A ? ref _a : ref _mu;
        return Volatile.Read(ref cached) ?? Store(ref cached, Encode(law));
    }

    /// <summary>The clip as linear audio at 8 kHz.</summary>
    public PcmAudio ToPcm()
    {
        if (_source.IsEmpty)
        {
            return new PcmAudio(_samples, G711.SampleRate);
        }

        var samples = new short[Length];
        G711.Decode(_source.Span, samples, _sourceLaw);
        return new PcmAudio(samples, G711.SampleRate);
    }

    private static byte[] Store(ref byte[]? cached, byte[] encoded) => Interlocked.CompareExchange(ref cached, encoded, null) ?? encoded;

    private byte[] Encode(G711Law law)
    {
        var codes = new byte[Length];
        if (_source.IsEmpty)
        {
            G711.Encode(_samples.Span, codes, law);
        }
        else
        {
            G711.Transcode(_source.Span, _sourceLaw, codes, law);
        }

        return codes;
    }
}
