namespace Postbell.Media;

/// <summary>What a session reports by itself. Called on the engine thread, which serves many calls: only post, never work or block.</summary>
public interface IMediaSessionEvents
{
    /// <summary>A key press ended (RFC 4733); each press is reported once, whatever the network repeated or lost.</summary>
    /// <param name="digit">0 to 9, *, #, A to D.</param>
    /// <param name="durationMs">How long it was held, in milliseconds, as far as known.</param>
    void OnDigit(char digit, int durationMs);

    /// <summary>Nothing valid came from the peer for <see cref="MediaEngineOptions.RtpTimeout"/> while the call was not on hold. Again only after packets came.</summary>
    void OnRtpTimeout();

    /// <summary>
    /// A fax machine or modem announced itself, by an event (RFC 4733) or by its tone in the sound while <see cref="MediaSession.ListenForFaxTones"/> is on.
    /// Each tone once per call.
    /// </summary>
    void OnFaxTone(FaxTone tone)
    {
    }
}
