using Postbell.Sip.Messages;

namespace Postbell.Telephony.TextMessages;

/// <summary>Why a text message was not taken. Whoever sent it shows the phrase to a person.</summary>
/// <param name="Status">SIP status code.</param>
/// <param name="Phrase">SIP reason phrase.</param>
/// <param name="Name">Metric label.</param>
/// <param name="Headers">What helps the sender to do better.</param>
internal sealed record TextRefusal(int Status, string Phrase, string Name, params SipHeader[] Headers)
{
    /// <summary>The body is compressed.</summary>
    public static readonly TextRefusal Encoded = new(415, "Unsupported Media Type", "encoded", new SipHeader("Accept-Encoding", "identity"));

    /// <summary>It is no plain text, or in characters that nobody knows.</summary>
    public static readonly TextRefusal UnknownType = new(415, "Unsupported Media Type", "unknown_type", new SipHeader("Accept", TextBody.Accepts));

    /// <summary>It says nothing.</summary>
    public static readonly TextRefusal Empty = new(400, "Empty Message", "empty");

    /// <summary>Its bytes are no characters.</summary>
    public static readonly TextRefusal Garbled = new(400, "Body Is Not UTF-8", "garbled");

    /// <summary>It is longer than we take.</summary>
    public static readonly TextRefusal TooLarge = new(513, "Message Too Large", "too_large");

    /// <summary>The person's policy wants no text messages.</summary>
    public static readonly TextRefusal NotAllowed = new(403, "No Text Messages", "not_allowed");

    /// <summary>The person's mailbox is full.</summary>
    public static readonly TextRefusal MailboxFull = new(480, "Mailbox Full", "mailbox_full");

    /// <summary>As many as we take at once are being stored.</summary>
    public static readonly TextRefusal TooMany = new(503, "Too Many Messages", "too_many", new SipHeader("Retry-After", "5"));

    /// <summary>The spool refuses writes.</summary>
    public static readonly TextRefusal SpoolUnavailable = new(503, "Message Not Stored", "spool_unavailable", new SipHeader("Retry-After", "30"));

    /// <summary>The disk did not say in time that it has it.</summary>
    public static readonly TextRefusal TooSlow = new(504, "Message Not Stored In Time", "too_slow");

    /// <summary>Something failed; the log says what.</summary>
    public static readonly TextRefusal Fault = new(500, "Server Internal Error", "fault");
}
