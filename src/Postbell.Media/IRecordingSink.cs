namespace Postbell.Media;

/// <summary>
/// Takes the audio of one recording as it is spoken: one call per packet, usually 20 ms, with gaps of the network already filled. Called on the
/// engine thread, which serves many calls: must not block, allocate or throw.
/// </summary>
public interface IRecordingSink
{
    /// <summary>Adds audio of a G.711 call at the end, as it was received.</summary>
    /// <param name="g711">Samples, 8000 a second, one byte each; valid only during the call.</param>
    /// <param name="law">How they are companded; a peer may change it in the middle.</param>
    void Append(ReadOnlySpan<byte> g711, G711Law law);

    /// <summary>Adds decoded audio of a wideband call at the end. A peer may change between both kinds in the middle.</summary>
    /// <param name="wide">Linear samples, 16000 a second, an even number of them; valid only during the call.</param>
    void Append(ReadOnlySpan<short> wide);
}
