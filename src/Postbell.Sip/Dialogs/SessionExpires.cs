using System.Globalization;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Dialogs;

/// <summary>The Session-Expires header (RFC 4028 section 4).</summary>
/// <param name="Seconds">Seconds after which a session without refresh is dead.</param>
/// <param name="RefreshedByClient">True when the sender of the request refreshes, false when its receiver does, null when it is left open.</param>
internal readonly record struct SessionExpires(int Seconds, bool? RefreshedByClient)
{
    /// <summary>The option tag of the extension.</summary>
    public const string OptionTag = "timer";

    /// <summary>Reads the header; false when it is absent or unreadable, which is the same to a receiver.</summary>
    public static bool TryRead(SipMessage message, out SessionExpires expires)
    {
        expires = default;
        if (message.Headers["Session-Expires"] is not { } text)
        {
            return false;
        }

        var end = text.IndexOf(';');
        var digits = (end < 0 ? text : text[..end]).AsSpan().Trim();
        if (!SipSyntax.TryNumber(digits, int.MaxValue, out var seconds) || !SipParameters.TryParse(end < 0 ? "" : text.AsSpan(end), out var parameters))
        {
            return false;
        }

        expires = new SessionExpires((int)seconds, parameters["refresher"]?.ToLowerInvariant() switch { "uac" => true, "uas" => false, _ => null });
        return true;
    }

    /// <summary>The Min-SE header in seconds; 90 when it is absent, which is the least the RFC allows.</summary>
    public static int MinimumOf(SipMessage message)
    {
        var text = message.Headers["Min-SE"] ?? "";
        var end = text.IndexOf(';');
        return SipSyntax.TryNumber((end < 0 ? text : text[..end]).AsSpan().Trim(), int.MaxValue, out var seconds) ? Math.Max(90, (int)seconds) : 90;
    }

    /// <summary>True when the sender of the message knows session timers.</summary>
    public static bool IsSupportedBy(SipMessage message) =>
        message.Headers.GetValues("Supported").Concat(message.Headers.GetValues("Require")).Contains(OptionTag, StringComparer.OrdinalIgnoreCase);

    /// <summary>The wire form.</summary>
    public override string ToString() => Seconds.ToString(CultureInfo.InvariantCulture)
        + RefreshedByClient switch { true => ";refresher=uac", false => ";refresher=uas", _ => "" };
}
