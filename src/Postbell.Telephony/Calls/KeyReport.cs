using System.Globalization;
using System.Text;

namespace Postbell.Telephony.Calls;

/// <summary>A key press reported in the body of an INFO request: <c>application/dtmf-relay</c> or <c>application/dtmf</c>, in the forms gateways send.</summary>
/// <param name="Key">0 to 9, *, # or A to D.</param>
/// <param name="Duration">How long it was held.</param>
public readonly record struct KeyReport(char Key, TimeSpan Duration)
{
    /// <summary>The media type that names the key and how long it was held.</summary>
    public const string RelayType = "application/dtmf-relay";

    /// <summary>The media type that names the key alone.</summary>
    public const string PlainType = "application/dtmf";

    /// <summary>Both media types, as an Accept header names them.</summary>
    public const string ContentTypes = RelayType + ", " + PlainType;

    private const int LongestBody = 256;
    private const int UsualMs = 100;
    private const int LongestMs = 5000;

    /// <summary>True for the two media types, lower-case without parameters.</summary>
    public static bool IsReport(string? contentType) => contentType is RelayType or PlainType;

    /// <summary>Reads a body; false when it names no key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out KeyReport report)
    {
        report = default;
        if (body.Length > LongestBody)
        {
            return false;
        }

        char? key = null;
        var duration = UsualMs;
        foreach (var line in Encoding.Latin1.GetString(body).Split('\n'))
        {
            var equals = line.IndexOf('=');
            var name = equals < 0 ? "" : line[..equals].Trim();
            var value = line[(equals + 1)..].Trim();
            if (value.Length == 0)
            {
                continue;
            }

            if (name.Equals("Duration", StringComparison.OrdinalIgnoreCase))
            {
                duration = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? Math.Clamp(length, 1, LongestMs) : UsualMs;
            }
            else if (name.Length == 0 || name.Equals("Signal", StringComparison.OrdinalIgnoreCase))
            {
                key ??= KeyOf(value);
            }
        }

        report = new KeyReport(key ?? '\0', TimeSpan.FromMilliseconds(duration));
        return key is not null;
    }

    /// <summary>The body that reports this press.</summary>
    /// <param name="contentType">One of the two media types.</param>
    public ReadOnlyMemory<byte> ToBody(string contentType) => Encoding.ASCII.GetBytes(
        contentType == PlainType ? Key.ToString() : string.Create(CultureInfo.InvariantCulture, $"Signal={Key}\r\nDuration={(int)Duration.TotalMilliseconds}\r\n"));

    // Some write star and pound as the event numbers of RFC 4733.
    private static char? KeyOf(string text) => text switch
    {
        "10" => '*',
        "11" => '#',
        [var key] when char.IsAsciiDigit(key) || key is '*' or '#' => key,
        [var key] when char.ToUpperInvariant(key) is >= 'A' and <= 'D' => char.ToUpperInvariant(key),
        _ => null,
    };
}
