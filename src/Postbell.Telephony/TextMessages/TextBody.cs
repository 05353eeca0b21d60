using System.Text;
using Postbell.Delivery;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.TextMessages;

/// <summary>Reads what a MESSAGE says (RFC 3428 section 7): text/plain in a character set that everybody knows. Pure; never throws on what a peer sent.</summary>
internal static class TextBody
{
    /// <summary>Most bytes of a text; four of them can be one character.</summary>
    public const int LongestBytes = MessageEnvelope.LongestText;

    /// <summary>What is read, as an Accept header names it.</summary>
    public const string Accepts = "text/plain";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or why there is none.</summary>
    public static (string? Text, TextRefusal? Refusal) Read(SipMessage message)
    {
        if (message.Headers["Content-Encoding"] is { Length: > 0 } encoding && !encoding.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return (null, TextRefusal.Encoded);
        }

        if (message.Body.IsEmpty)
        {
            return (null, TextRefusal.Empty);
        }

        if (message.ContentType is not ("text/plain" or null) || EncodingOf(message.Headers["Content-Type"]) is not { } characters)
        {
            return (null, TextRefusal.UnknownType);
        }

        if (message.Body.Length > LongestBytes)
        {
            return (null, TextRefusal.TooLarge);
        }

        try
        {
            var text = characters.GetString(message.Body.Span);
            return string.IsNullOrWhiteSpace(text) ? (null, TextRefusal.Empty) : (text, null);
        }
        catch (DecoderFallbackException)
        {
            return (null, TextRefusal.Garbled);
        }
    }

    /// <summary>UTF-8 is what SIP means where nothing is said (RFC 3261 section 7.4.1).</summary>
    private static Encoding? EncodingOf(string? contentType)
    {
        var end = contentType?.IndexOf(';') ?? -1;
        if (end < 0)
        {
            return s_utf8;
        }

        return CharsetOf(contentType.AsSpan(end)).ToUpperInvariant() switch
        {
            "" or "UTF-8" or "UTF8" or "US-ASCII" or "ASCII" => s_utf8,
            "ISO-8859-1" or "LATIN1" => Encoding.Latin1,
            _ => null,
        };
    }

    private static string CharsetOf(ReadOnlySpan<char> parameters)
    {
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim();
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().Trim('"').ToString();
            }
        }

        return "";
    }
}
