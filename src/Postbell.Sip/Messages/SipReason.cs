using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>Why a request was sent (RFC 3326): the Reason header on BYE and CANCEL, also inside History-Info.</summary>
/// <param name="Protocol">Whose numbers the cause is of: <c>SIP</c>, <c>Q.850</c> or another token.</param>
/// <param name="Cause">The number, or null when only a text came.</param>
/// <param name="Text">A text for people, or null. Chosen by the peer: clean it before showing it.</param>
public sealed record SipReason(string Protocol, int? Cause, string? Text = null)
{
    /// <summary>What a proxy says in the CANCEL to the phones that did not answer when another did (RFC 3326 section 3.1).</summary>
    public bool IsAnsweredElsewhere => Cause == 200 && Protocol.Equals("SIP", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one value; false when it is unreadable. A cause that is no number is left out.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipReason? reason)
    {
        reason = null;
        text = text.Trim(" \t");
        var end = text.IndexOf(';');
        var protocol = (end < 0 ? text : text[..end]).TrimEnd(" \t");
        if (!SipSyntax.IsToken(protocol) || !SipParameters.TryParse(end < 0 ? [] : text[end..], out var parameters))
        {
            return false;
        }

        int? cause = SipSyntax.TryNumber(parameters["cause"], 9999, out var number) ? (int)number : null;
        reason = new SipReason(protocol.ToString(), cause, parameters["text"]);
        return true;
    }

    /// <summary>All readable values of a message, in order.</summary>
    public static IReadOnlyList<SipReason> AllOf(SipMessage message)
    {
        var reasons = new List<SipReason>();
        foreach (var value in message.Headers.GetValues("Reason"))
        {
            if (TryParse(value, out var reason))
            {
                reasons.Add(reason);
            }
        }

        return reasons;
    }

    /// <summary>The header line.</summary>
    public SipHeader ToHeader() => new("Reason", ToString());

    /// <summary>The wire form.</summary>
    public override string ToString()
    {
        var cause = Cause is { } number ? string.Create(CultureInfo.InvariantCulture, $";cause={number}") : "";
        return Text is null ? Protocol + cause : $"{Protocol}{cause};text={SipSyntax.Quote(Text)}";
    }
}
