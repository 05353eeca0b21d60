namespace Postbell.Telephony.CallRouting;

/// <summary>
/// Why a call was not taken: SIP status, reason phrase and a stable number for the <c>ms-diagnostics</c> header (reference 1.11; range
/// 15100-15199 is Postbell's own). Callers' systems show these to administrators, so each has a text that says what to do.
/// </summary>
/// <param name="Status">SIP status code.</param>
/// <param name="Phrase">SIP reason phrase.</param>
/// <param name="DiagnosticId">Stable number of the reason.</param>
/// <param name="Name">Metric label.</param>
/// <param name="Text">What is wrong, for the administrator of the peer.</param>
public sealed record CallRejection(int Status, string Phrase, int DiagnosticId, string Name, string Text)
{
    /// <summary>The gateway is configured but switched off.</summary>
    public static readonly CallRejection GatewayDisabled = new(
        403, "Gateway Disabled", 15101, "gateway_disabled", "The gateway this call came from is disabled in the configuration");

    /// <summary>The gateway is draining.</summary>
    public static readonly CallRejection GatewayNoNewCalls = new(
        503, "No New Calls", 15102, "gateway_no_new_calls", "The gateway this call came from takes no new calls");

    /// <summary>No hunt group of the gateway matches the number called.</summary>
    public static readonly CallRejection UnknownPilot = new(
        404, "No Such Pilot", 15103, "unknown_pilot", "No hunt group of this gateway matches the called number");

    /// <summary>The called person has no mailbox.</summary>
    public static readonly CallRejection UnknownMailbox = new(
        404, "No Such Mailbox", 15104, "unknown_mailbox", "The called party has no mailbox in the dial plan of this gateway");

    /// <summary>As many calls as configured are in progress.</summary>
    public static readonly CallRejection TooManyCalls = new(
        503, "Too Many Calls", 15105, "max_calls", "The maximum number of concurrent calls is reached");

    /// <summary>No RTP port is free.</summary>
    public static readonly CallRejection NoMediaPort = new(
        503, "No Media Port", 15106, "no_media_port", "All RTP ports are in use");

    /// <summary>The spool cannot take recordings (disk full or failing).</summary>
    public static readonly CallRejection SpoolUnavailable = new(
        503, "Recording Unavailable", 15107, "spool_unavailable", "Recordings cannot be made durable: the spool refuses writes");

    /// <summary>The server is stopping.</summary>
    public static readonly CallRejection ShuttingDown = new(
        503, "Shutting Down", 15108, "shutting_down", "The server is shutting down");

    /// <summary>Something in Postbell failed; its log says what.</summary>
    public static readonly CallRejection Fault = new(
        500, "Server Internal Error", 15111, "fault", "The call could not be handled because of a fault; the server's log has it");

    /// <summary>A call wants to take the place of another that is not its gateway's, or no call of a caller.</summary>
    public static readonly CallRejection ReplacementForbidden = new(
        403, "Replacement Forbidden", 15114, "replacement_forbidden", "A call can only be replaced by the gateway it came from");

    /// <summary>The call was diverted so often that it goes round in a circle.</summary>
    public static readonly CallRejection Loop = new(
        482, "Loop Detected", 15115, "loop", "The call was diverted too often: Diversion or History-Info count more than ten diversions");

    /// <summary>The call is one that we are making ourselves, and it came back.</summary>
    public static readonly CallRejection OwnCall = new(
        482, "Own Call Came Back", 15116, "own_call", "Postbell is calling this number itself at the moment, and the call was sent back to it");

    /// <summary>The session description fits nothing that Postbell speaks.</summary>
    public static CallRejection NotAcceptable(string why) =>
        new(488, "Not Acceptable Here", 15109, "no_codec", why);

    /// <summary>The session description could not be read.</summary>
    public static CallRejection BadSessionDescription(string why) =>
        new(400, "Bad Session Description", 15110, "bad_sdp", why);

    /// <summary>The encryption of the audio fits neither the gateway's setting nor what is installed.</summary>
    public static CallRejection MediaSecurity(string why) =>
        new(488, "Not Acceptable Here", 15112, "media_security", why);

    /// <summary>The call is not protected as its dial plan demands, or is where the dial plan has no place for it (reference 1.10).</summary>
    public static CallRejection SecurityMismatch(string why) =>
        new(488, "Security Mismatch", 15113, "security_mismatch", why);

    /// <summary>Seconds in Retry-After for refusals that pass by themselves; null for the others.</summary>
    public int? RetryAfter => Status == 503 ? 5 : null;

    /// <summary>Value of the ms-diagnostics header with <paramref name="source"/> as the name of this server.</summary>
    public string Diagnostics(string source) => $"{DiagnosticId};source=\"{source}\";reason=\"{Text.Replace('"', '\'')}\"";
}
