using Postbell.Media.Rtp;

namespace Postbell.Media.Engine;

/// <summary>A key press of ours on its way (RFC 4733, 2.5.1).</summary>
internal sealed class DigitSending(SessionCore session, byte telephoneEvent, int totalMs) : EngineOperation<bool>
{
    // 10 dB below full level, as telephones send.
    private const byte Volume = 10;

    private int _sentMs;

    /// <summary>True before its first packet.</summary>
    public bool IsFirst => _sentMs == 0;

    /// <summary>True once its last packet was made.</summary>
    public bool IsOver => _sentMs >= totalMs;

    /// <summary>Milliseconds it lasts so far.</summary>
    public int SentMs => _sentMs;

    /// <summary>The press as the next packet tells it. Its duration stops at what 16 bits hold: 1.4 s of the clock of Opus.</summary>
    public TelephoneEvent Next(int packetMs, int clockPerMs)
    {
        _sentMs = Math.Min(_sentMs + packetMs, totalMs);
        return new TelephoneEvent(telephoneEvent, IsOver, Volume, (ushort)Math.Min(_sentMs * clockPerMs, ushort.MaxValue));
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
