namespace Postbell.Telephony.CallRouting;

/// <summary>Where an INVITE says for whom the call was, in order of precedence (reference 1.7).</summary>
public enum CalledPartySource
{
    /// <summary>Diversion header (RFC 5806).</summary>
    Diversion,

    /// <summary>History-Info header (RFC 7044).</summary>
    HistoryInfo,

    /// <summary>target parameter of a voice mail URI (RFC 4458).</summary>
    VoicemailTarget,

    /// <summary>The Request-URI itself: the person was called directly.</summary>
    RequestUri,
}
