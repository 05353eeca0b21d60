namespace Postbell.Media.Engine;

/// <summary>Takes decoded wideband audio of the peer, in order.</summary>
internal interface IWideListener
{
    /// <summary>Audio of 16 kHz that begins at a tick of 1/8000 s; the samples are valid only during the call.</summary>
    void OnWideAudio(uint tick, ReadOnlySpan<short> samples, long nowNs);

    /// <summary>The codec changed: ticks start anew.</summary>
    void OnClockChanged();

    /// <summary>A payload was no valid one.</summary>
    void OnDamaged();
}
