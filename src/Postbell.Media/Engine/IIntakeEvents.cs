using Postbell.Media.Rtp;

namespace Postbell.Media.Engine;

/// <summary>What the intake of a call finds besides audio.</summary>
internal interface IIntakeEvents
{
    /// <summary>The peer's address is fixed from now on.</summary>
    void OnSourceLocked();

    /// <summary>A packet of a key press; timestamp and duration count <paramref name="clockPerMs"/> units a millisecond.</summary>
    void OnTelephoneEvent(in TelephoneEvent telephoneEvent, uint timestamp, int clockPerMs, long nowNs);
}
