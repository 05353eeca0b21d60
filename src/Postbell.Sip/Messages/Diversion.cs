using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>Who diverted a call, and why (RFC 5806): one value of the Diversion header.</summary>
/// <param name="Uri">Who diverted it.</param>
/// <param name="Reason">For instance <c>no-answer</c>, <c>user-busy</c> or <c>unconditional</c>; null when it is not said.</param>
/// <param name="Name">Display name, or null. Chosen by a stranger when it was read: clean it before showing it.</param>
/// <param name="Counter">How many diversions this value stands for; null is one.</param>
/// <param name="Privacy"><c>full</c>, <c>name</c>, <c>uri</c> or <c>off</c>; null when it is not said.</param>
public sealed record Diversion(SipUri Uri, string? Reason = null, string? Name = null, int? Counter = null, string? Privacy = null)
{
    /// <summary>True when the diverting party is not to be shown to the far end.</summary>
    public bool IsPrivate => Privacy is { } privacy && !privacy.Equals("off", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Diversion? diversion)
    {
        diversion = null;
        if (!NameAddress.TryParse(text, out var address))
        {
            return false;
        }

        int? counter = SipSyntax.TryNumber(address.Parameters["counter"], 99, out var number) ? (int)number : null;
        diversion = new Diversion(address.Uri, address.Parameters["reason"], address.DisplayName, counter, address.Parameters["privacy"]);
        return true;
    }

    /// <summary>All readable values of a message, the newest diversion first.</summary>
    public static IReadOnlyList<Diversion> AllOf(SipMessage message)
    {
        var diversions = new List<Diversion>();
        foreach (var value in message.Headers.GetValues("Diversion"))
        {
            if (TryParse(value, out var diversion))
            {
                diversions.Add(diversion);
            }
        }

        return diversions;
    }

    /// <summary>The header line.</summary>
    public SipHeader ToHeader() => new("Diversion", ToString());

    /// <summary>The wire form.</summary>
    public override string ToString()
    {
        var parameters = SipParameters.Empty;
        parameters = Reason is null ? parameters : parameters.With("reason", Reason);
        parameters = Counter is { } counter ? parameters.With("counter", counter.ToString(CultureInfo.InvariantCulture)) : parameters;
        parameters = Privacy is null ? parameters : parameters.With("privacy", Privacy);
        return new NameAddress(Name, Uri, parameters).ToString();
    }
}
