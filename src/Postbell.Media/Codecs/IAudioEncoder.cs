namespace Postbell.Media.Codecs;

/// <summary>Turns linear audio into the payloads of one stream. One instance per stream and direction, used by one thread at a time; allocates nothing per packet.</summary>
internal interface IAudioEncoder : IDisposable
{
    /// <summary>Room that is always enough for the payload of 60 ms.</summary>
    public const int MaxBytes = 1000;

    /// <summary>Samples per second of what it takes.</summary>
    int SampleRate { get; }

    /// <summary>Encodes one packet: 10, 20, 40 or 60 ms; codecs that code sample by sample take any even count.</summary>
    /// <returns>Bytes written; 0 when it failed.</returns>
    int Encode(ReadOnlySpan<short> samples, Span<byte> payload);
}
