using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;
using Postbell.Media.Recording;

namespace Postbell.Media;

/// <summary>
/// A piece of audio that calls play: immutable, shared by all calls without copying. It is encoded once per codec, when first needed; wideband audio keeps
/// its band for calls that have one.
/// </summary>
public sealed class AudioClip
{
    private readonly PcmAudio? _linear;
    private readonly ReadOnlyMemory<byte> _g711;
    private readonly VoiceCodec _g711Codec;
    private readonly byte[]?[] _encoded = new byte[]?[(int)VoiceCodec.G722 + 1];
    private PcmAudio? _wide;

    private AudioClip(PcmAudio linear)
    {
        _linear = linear;
        Length = linear.Samples.Length / (linear.SampleRate / G711.SampleRate);
    }

    private AudioClip(ReadOnlyMemory<byte> g711, G711Law law)
    {
        _g711 = g711;
        _g711Codec = law == G711Law.A ? VoiceCodec.Pcma : VoiceCodec.Pcmu;
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

    /// <summary>The clip in a codec that has one byte a tick, G.711 or G.722: <see cref="Length"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Opus: its packets are made for each call, out of <see cref="Wide"/>.</exception>
    /// <exception cref="InvalidOperationException">The library of the codec is missing.</exception>
    public ReadOnlyMemory<byte> Encoded(VoiceCodec codec)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(codec, VoiceCodec.Opus);
        if (!_g711.IsEmpty && codec == _g711Codec)
        {
            return _g711;
        }

        ref var cached = ref _encoded[(int)codec];
        return Volatile.Read(ref cached) ?? Store(ref cached, Encode(codec));
    }

    /// <summary>The clip as linear audio at 8 kHz.</summary>
    public PcmAudio ToPcm()
    {
        if (_linear is { } linear)
        {
            return Resampler.Convert(linear, G711.SampleRate);
        }

        var samples = new short[Length];
        G711.Decode(_g711.Span, samples, _g711Codec.LawOf()!.Value);
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

    private byte[] Encode(VoiceCodec codec)
    {
        var codes = new byte[Length];
        if (codec.LawOf() is not { } law)
        {
            EncodeWide(codes);
        }
        else if (_linear is null)
        {
            G711.Transcode(_g711.Span, _g711Codec.LawOf()!.Value, codes, law);
        }
        else
        {
            G711.Encode(ToPcm().Samples.Span[..Length], codes, law);
        }

        return codes;
    }

    private void EncodeWide(byte[] codes)
    {
        using var encoder = CodecSupport.CreateEncoder(VoiceCodec.G722, OpusParameters.Default);
        if (encoder.Encode(Wide().Samples.Span[..(Length * 2)], codes) != Length)
        {
            throw new InvalidOperationException($"{VoiceCodec.G722.Library()} is missing or failed.");
        }
    }
}
