using Postbell.Media.Rtp;
using Postbell.Media.Tones;

namespace Postbell.Media.Engine;

/// <summary>A key press of ours on its way: events (RFC 4733, 2.5.1), or tones to a peer that takes none.</summary>
internal sealed class DigitSending(SessionCore session, byte telephoneEvent, int totalMs) : EngineOperation<bool>
{
    // 10 dB below full level, as telephones send.
    private const byte Volume = 10;

    // What tells two tones apart.
    private const int PauseMs = 60;

    private KeyTone _tone = new(telephoneEvent);
    private int _sentMs;
    private int _soundMs;

    /// <summary>It is sent as tones, also to a peer that takes events.</summary>
    public bool IsSound { get; init; }

    /// <summary>True before its first packet.</summary>
    public bool IsFirst => _sentMs == 0;

    /// <summary>True once its last packet was made.</summary>
    public bool IsOver => _sentMs >= totalMs || _soundMs >= totalMs + PauseMs;

    /// <summary>Milliseconds it lasts so far.</summary>
    public int SentMs => _sentMs;

    /// <summary>The press as the next packet tells it. Its duration stops at what 16 bits hold: 1.4 s of the clock of Opus.</summary>
    public TelephoneEvent Next(int packetMs, int clockPerMs)
    {
        _sentMs = Math.Min(_sentMs + packetMs, totalMs);
        return new TelephoneEvent(telephoneEvent, IsOver, Volume, (ushort)Math.Min(_sentMs * clockPerMs, ushort.MaxValue));
    }

    /// <summary>The press as the next packet sounds, for a peer without telephone-events; a pause follows it.</summary>
    public void Next(Span<short> samples, int sampleRate)
    {
        var perMs = sampleRate / 1000;
        var tone = Math.Clamp((totalMs - _soundMs) * perMs, 0, samples.Length);
        _tone.Fill(samples[..tone], sampleRate);
        samples[tone..].Clear();
        _soundMs += samples.Length / perMs;
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
