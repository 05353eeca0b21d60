namespace Postbell.Media.Codecs;

/// <summary>
/// Turns the payloads of one stream into linear audio. One instance per stream and direction, used by one thread at a time; allocates nothing per packet.
/// What a peer sent never makes it throw.
/// </summary>
internal interface IAudioDecoder : IDisposable
{
    /// <summary>Room that is always enough for one payload, in samples.</summary>
    public const int MaxSamples = 3840;

    /// <summary>Samples per second of what it gives.</summary>
    int SampleRate { get; }

    /// <summary>Decodes a payload; returns the samples written, 0 when the payload is damaged or does not fit.</summary>
    int Decode(ReadOnlySpan<byte> payload, Span<short> samples);

    /// <summary>
    /// Makes the lost frame before <paramref name="next"/> out of what that repeats of it. Call it before <see cref="Decode"/> of the same payload.
    /// </summary>
    /// <returns>All of <paramref name="samples"/>, or 0 when nothing was repeated.</returns>
    int Recover(ReadOnlySpan<byte> next, Span<short> samples);

    /// <summary>Makes up for a lost frame out of what came before; returns all of <paramref name="samples"/>, or 0 when the codec knows no concealment.</summary>
    int Conceal(Span<short> samples);
}
