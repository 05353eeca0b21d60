using System.Collections.Frozen;
using System.Globalization;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.CallRouting;

/// <summary>
/// Reads from an INVITE for whom the call was: Diversion, then History-Info, then the RFC 4458 target, then the Request-URI (reference 1.6
/// and 1.7). Headers that cannot be read are passed over: the next source may still know.
/// </summary>
public static class CalledPartyResolution
{
    private const int MaxCandidates = 20;

    /// <summary>The words of RFC 5806, in whatever case they come.</summary>
    private static readonly FrozenDictionary<string, string> s_reasons = new[]
    {
        "unknown", "user-busy", "no-answer", "unavailable", "unconditional", "time-of-day", "do-not-disturb", "deflection", "follow-me", "out-of-service", "away",
    }.ToFrozenDictionary(static word => word, StringComparer.OrdinalIgnoreCase);

    /// <summary>All candidates, the most likely first. Who of them has a mailbox is for the caller to find out.</summary>
    public static IReadOnlyList<CalledParty> Candidates(SipRequest invite) =>
        [.. Diversions(invite).Concat(HistoryInfo(invite)).Concat(VoicemailTarget(invite)).Append(Direct(invite)).Take(MaxCandidates)];

    /// <summary>RFC 5806: the newest diversion stands first.</summary>
    private static IEnumerable<CalledParty> Diversions(SipRequest invite)
    {
        foreach (var value in invite.Headers.GetValues("Diversion"))
        {
            if (NameAddress.TryParse(value, out var diverting))
            {
                yield return new CalledParty(diverting.Uri.ToString(), CalledPartySource.Diversion, ReasonOfDiversion(diverting.Parameters["reason"]));
            }
        }
    }

    /// <summary>
    /// RFC 7044: entries in the order of the call's way. The last is where it is now (the pilot); those before it, newest first, are who was
    /// called. With a single entry the call came straight to the pilot.
    /// </summary>
    private static IEnumerable<CalledParty> HistoryInfo(SipRequest invite)
    {
        var entries = new List<NameAddress>();
        foreach (var value in invite.Headers.GetValues("History-Info"))
        {
            if (NameAddress.TryParse(value, out var entry))
            {
                entries.Add(entry);
            }
        }

        for (var i = entries.Count - 2; i >= 0; i--)
        {
            var uri = entries[i].Uri;
            if (uri.User != invite.RequestUri.User)
            {
                yield return new CalledParty(WithoutHeaders(uri), CalledPartySource.HistoryInfo, ReasonOf(uri));
            }
        }
    }

    private static IEnumerable<CalledParty> VoicemailTarget(SipRequest invite)
    {
        if (invite.RequestUri.Parameters["target"] is { Length: > 0 } target)
        {
            yield return new CalledParty(target, CalledPartySource.VoicemailTarget, ReasonOfCause(invite.RequestUri.Parameters["cause"]));
        }
    }

    private static CalledParty Direct(SipRequest invite) =>
        new(WithoutHeaders(invite.RequestUri), CalledPartySource.RequestUri, null);

    private static string WithoutHeaders(SipUri uri)
    {
        var text = uri.ToString();
        var headers = text.IndexOf('?', StringComparison.Ordinal);
        return headers < 0 ? text : text[..headers];
    }

    /// <summary>RFC 5806 allows other words too; they say nothing to anybody here, and what a peer made up does not reach the ledger.</summary>
    private static string? ReasonOfDiversion(string? reason) => reason is null ? null : s_reasons.GetValueOrDefault(reason.Trim('"'), "unknown");

    /// <summary>The Reason header escaped into a History-Info URI: <c>Reason=SIP%3Bcause%3D486</c>.</summary>
    private static string? ReasonOf(SipUri uri)
    {
        foreach (var header in uri.Headers)
        {
            if (header.Name.Equals("Reason", StringComparison.OrdinalIgnoreCase) && header.Value is { } reason)
            {
                var cause = reason.IndexOf("cause=", StringComparison.OrdinalIgnoreCase);
                return cause < 0 ? null : ReasonOfCause(string.Concat(reason.AsSpan(cause + 6).ToString().TakeWhile(char.IsAsciiDigit)));
            }
        }

        return null;
    }

    /// <summary>RFC 4458 section 2 causes in the words of RFC 5806.</summary>
    private static string? ReasonOfCause(string? cause) =>
        int.TryParse(cause, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? code switch
            {
                404 => "unknown",
                486 => "user-busy",
                408 => "no-answer",
                302 => "unconditional",
                480 or 487 => "deflection",
                503 => "unavailable",
                _ => null,
            }
            : null;
}
