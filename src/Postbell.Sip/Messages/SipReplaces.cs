using System.Diagnostics.CodeAnalysis;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>The dialog that a call is to take the place of (RFC 3891), as the side that gets the INVITE sees it.</summary>
/// <param name="CallId">Its Call-ID.</param>
/// <param name="ToTag">The tag of the side that gets the INVITE; <c>0</c> stands for none.</param>
/// <param name="FromTag">The tag of the other side; <c>0</c> stands for none.</param>
/// <param name="IsEarlyOnly">True when only a dialog that is not answered yet may be replaced.</param>
public sealed record SipReplaces(string CallId, string ToTag, string FromTag, bool IsEarlyOnly = false)
{
    /// <summary>Reads the header value; false when a part is missing or given twice.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipReplaces? replaces)
    {
        replaces = null;
        text = text.Trim(" \t");
        var end = text.IndexOf(';');
        if (end < 0 || !SipSyntax.IsCallId(text[..end].TrimEnd(" \t")) || !SipParameters.TryParse(text[end..], out var parameters)
            || parameters["to-tag"] is not { } to || parameters["from-tag"] is not { } from
            || Count(parameters, "to-tag") > 1 || Count(parameters, "from-tag") > 1)
        {
            return false;
        }

        replaces = new SipReplaces(text[..end].TrimEnd(" \t").ToString(), to, from, parameters.Contains("early-only"));
        return true;
    }

    /// <summary>The wire form.</summary>
    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(IsEarlyOnly ? ";early-only" : "")}";

    private static int Count(SipParameters parameters, string name) => parameters.Count(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
