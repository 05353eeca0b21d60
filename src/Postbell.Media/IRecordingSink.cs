namespace Postbell.Media;

/// <summary>Takes the audio of one recording as it is spoken.</summary>
public interface IRecordingSink
{
    /// <summary>
    /// Adds audio at the end: one call per packet, usually 160 bytes (20 ms), with gaps of the network already filled. Called on the engine
    /// thread, which serves many calls: must not block, allocate or throw.
    /// </summary>
    /// <param name="g711">Samples, 8000 a second, one byte each; valid only during the call.</param>
    /// <param name="law">How they are companded; a peer may change it in the middle.</param>
    void Append(ReadOnlySpan<byte> g711, G711Law law);
}
