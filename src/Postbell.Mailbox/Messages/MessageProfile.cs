using System.Globalization;
using Postbell.Mailbox.Searching;
using Postbell.Mime;
using Postbell.Mime.Composing;
using Postbell.Mime.Decoding;
using Postbell.Mime.Headers;

namespace Postbell.Mailbox.Messages;

/// <summary>What is learnt from a message once, when it comes in.</summary>
internal sealed record MessageProfile
{
    private const int MaxCallerText = 256;

    public required byte[] Structure { get; init; }

    /// <summary>Day number of the Date header, or null.</summary>
    public int? SentDay { get; init; }

    public MessageKind Kind { get; init; }

    public MessageImportance Importance { get; init; }

    public MessageSensitivity Sensitivity { get; init; }

    public string? CallerNumber { get; init; }

    public string? CallerName { get; init; }

    public long? VoiceSeconds { get; init; }

    /// <summary>By what the message finds its conversation.</summary>
    public required ThreadKeys Thread { get; init; }

    /// <summary>First words of the text; empty when there is none.</summary>
    public required string Preview { get; init; }

    public static MessageProfile Read(ReadOnlySpan<byte> message)
    {
        var structure = MimeParser.Parse(message);
        var header = message[..(int)Math.Min(structure.BodyStart, MimeLimits.Default.MaxHeaderBytes)];
        var kind = ReadKind(header);
        return new MessageProfile
        {
            Structure = MimeJson.Serialize(structure),
            SentDay = MailDate.TryParseDay(structure.Envelope?.Date, out var day) ? day.DayNumber : null,
            Kind = kind,
            Importance = ReadImportance(header),
            Sensitivity = ReadSensitivity(header),
            CallerNumber = kind == MessageKind.Mail ? null : Text(header, "x-callingtelephonenumber"u8),
            CallerName = kind == MessageKind.Mail ? null : Text(header, "x-voicemessagesendername"u8),
            Thread = ThreadKeys.Read(header, structure.Envelope ?? new MimeEnvelope(), kind),
            Preview = PreviewText.Of(structure, message),
            VoiceSeconds = kind == MessageKind.Voice ? Seconds(header) : null,
        };
    }

    // Content-Class is what unified messaging servers write; Message-Context (RFC 3458) is the standard's word for it.
    public static MessageKind ReadKind(ReadOnlySpan<byte> header)
    {
        switch (Token(header, "content-class"u8))
        {
            case "voice-ca" or "voice":
                return MessageKind.Voice;
            case "missedcall":
                return MessageKind.MissedCall;
            case "fax-ca" or "fax":
                return MessageKind.Fax;
            default:
                return Token(header, "message-context"u8) switch
                {
                    "voice-message" => MessageKind.Voice,
                    "fax-message" => MessageKind.Fax,
                    "pager-message" => MessageKind.Text,
                    _ => MessageKind.Mail,
                };
        }
    }

    private static MessageImportance ReadImportance(ReadOnlySpan<byte> header) => Token(header, "importance"u8) switch
    {
        "high" => MessageImportance.High,
        "low" => MessageImportance.Low,
        "normal" => MessageImportance.Normal,
        _ => Token(header, "x-priority"u8) is ['1' or '2', ..] ? MessageImportance.High : MessageImportance.Normal,
    };

    private static MessageSensitivity ReadSensitivity(ReadOnlySpan<byte> header) => Token(header, "sensitivity"u8) switch
    {
        "personal" => MessageSensitivity.Personal,
        "private" => MessageSensitivity.Private,
        "company-confidential" => MessageSensitivity.Confidential,
        _ => MessageSensitivity.Normal,
    };

    private static string? Token(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name) => HeaderText.Find(header, name)?.ToLowerInvariant();

    private static string? Text(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
    {
        var text = EncodedWords.Decode(HeaderText.Find(header, name) ?? "");
        var clean = Core.DisplayText.Clean(text, MaxCallerText);
        return clean.Length == 0 ? null : clean;
    }

    private static long? Seconds(ReadOnlySpan<byte> header) =>
        uint.TryParse(HeaderText.Find(header, "x-voicemessageduration"u8), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
