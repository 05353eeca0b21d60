using Postbell.Media.Rtp;

namespace Postbell.Media.Engine;

/// <summary>A key press of ours on its way (RFC 4733, 2.5.1).</summary>
internal sealed class DigitSending(SessionCore session, byte telephoneEvent, int totalSamples) : EngineOperation<bool>
{
    // 10 dB below full level, as telephones send.
    private const byte Volume = 10;

    private int _sentSamples;

    /// <summary>True before its first packet.</summary>
    public bool IsFirst => _sentSamples == 0;

    /// <summary>True once its last packet was made.</summary>
    public bool IsOver => _sentSamples >= totalSamples;

    /// <summary>Samples it lasts so far.</summary>
    public int SentSamples => _sentSamples;

    public TelephoneEvent Next(int packetSamples)
    {
        _sentSamples = Math.Min(_sentSamples + packetSamples, totalSamples);
        return new TelephoneEvent(telephoneEvent, IsOver, Volume, (ushort)_sentSamples);
    }

    public void Done()
    {
        session.Detach(this);
        Complete(true);
    }

    public void Close() => Cancel(new CancellationToken(canceled: true));

    protected override void OnCancelled(CancellationToken ct)
    {
        session.Detach(this);
        Cancel(ct);
    }
}
