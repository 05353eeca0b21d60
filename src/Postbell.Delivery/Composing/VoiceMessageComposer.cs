using System.Globalization;
using Postbell.Core;
using Postbell.Delivery.Audio;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Composing;

namespace Postbell.Delivery.Composing;

/// <summary>
/// Turns an envelope and its audio into the e-mail a person finds: headers, text and HTML, attachment. Pure: the same input gives the same
/// bytes, so a message composed again after a crash is the same message.
/// </summary>
public static class VoiceMessageComposer
{
    /// <summary>Composes a message.</summary>
    /// <param name="envelope">What is known of the call.</param>
    /// <param name="audio">The attachment of a voice message; null for a missed call or a text message.</param>
    /// <param name="identity">As whom the server writes.</param>
    /// <exception cref="ArgumentException">A voice message without audio, or a note with it.</exception>
    public static byte[] Compose(MessageEnvelope envelope, AudioAttachment? audio, MailIdentity identity)
    {
        if (envelope.Kind == MessageKind.Voice != audio is not null)
        {
            throw new ArgumentException("A voice message has audio, a missed call has none.", nameof(audio));
        }

        var caller = new CallerText(envelope);
        var received = LocalTime(envelope, identity, out var zone);
        var body = new MessageBody(envelope, caller, audio?.Duration, MessageTexts.Time(received, zone));
        var texts = OutgoingPart.Multipart("alternative", OutgoingPart.Text(body.ToText()), OutgoingPart.Text(body.ToHtml(Language(envelope)), "html"));
        var fileName = audio is null ? null : FileNameOf(caller, audio);
        var message = new OutgoingMessage(
            envelope.Id.ToString(),
            audio is null ? texts : OutgoingPart.Multipart("mixed", texts, OutgoingPart.File(audio.MediaType, audio.Content, fileName)));

        AddAddressing(message, envelope, caller, identity, received, audio?.Duration ?? TimeSpan.Zero);
        AddClass(message, envelope);
        AddVoiceProperties(message, envelope, caller, audio, fileName);
        return message.ToBytes();
    }

    /// <summary>The Message-ID of the message of a call, without angle brackets.</summary>
    public static string MessageId(TraceId id, MailIdentity identity) => $"{id}@{identity.HostName}";

    private static void AddAddressing(
        OutgoingMessage message, MessageEnvelope envelope, CallerText caller, MailIdentity identity, DateTimeOffset received, TimeSpan duration)
    {
        var system = Address(null, identity.SystemAddress);
        message.AddDate("Date", received);
        if (envelope.CallerAddress is { } known && IsAddress(known))
        {
            message.AddAddresses("From", Address(caller.Label, known)).AddAddresses("Sender", system);
        }
        else
        {
            message.AddAddresses("From", system with { Name = caller.Title });
        }

        message.AddAddresses("To", Address(DisplayText.Clean(envelope.RecipientName), envelope.RecipientAddress))
            .AddText("Subject", MessageTexts.Subject(envelope, caller, duration))
            .AddText("Message-ID", $"<{MessageId(envelope.Id, identity)}>")
            .AddText("Auto-Submitted", "auto-generated")
            .AddText("Content-Language", Language(envelope));
    }

    private static void AddClass(OutgoingMessage message, MessageEnvelope envelope)
    {
        if (envelope.Kind == MessageKind.Voice)
        {
            message.AddText("Content-Class", "Voice-CA").AddText("Message-Context", "voice-message");
        }
        else if (envelope.Kind == MessageKind.Text)
        {
            message.AddText("Message-Context", "pager-message");
        }
        else
        {
            message.AddText("Content-Class", "missedcall");
        }

        if (envelope.HighImportance)
        {
            message.AddText("Importance", "high").AddText("X-Priority", "1");
        }

        if (envelope.Private)
        {
            message.AddText("Sensitivity", "private");
        }
    }

    private static void AddVoiceProperties(
        OutgoingMessage message, MessageEnvelope envelope, CallerText caller, AudioAttachment? audio, string? fileName)
    {
        AddIfAny(message, "X-CallingTelephoneNumber", caller.Number);
        AddIfAny(message, "X-VoiceMessageSenderName", caller.Name);
        if (audio is not null)
        {
            var seconds = MessageTexts.WholeSeconds(audio.Duration).ToString(CultureInfo.InvariantCulture);
            // The second for diallers with visual voicemail (RFC 3803).
            message.AddText("X-VoiceMessageDuration", seconds).AddText("Content-Duration", seconds)
                .AddText("X-AttachmentOrder", fileName!);
        }

        AddIfAny(message, "X-CallID", DisplayText.Clean(envelope.CallId, 255));
        if (envelope.Interrupted)
        {
            message.AddText("X-Postbell-Interrupted", "yes");
        }
    }

    private static void AddIfAny(OutgoingMessage message, string name, string value)
    {
        if (value.Length > 0)
        {
            message.AddText(name, value);
        }
    }

    // X-AttachmentOrder is a list with semicolons, so no name may hold one.
    private static string FileNameOf(CallerText caller, AudioAttachment audio) =>
        FileName.Clean($"{caller.Title.Replace(';', '_')} ({MessageTexts.Duration(audio.Duration)}) Voice Mail{audio.Extension}");

    // Good enough to reply to: one at sign with something on both sides, nothing that needs quoting, no longer than SMTP takes.
    private static bool IsAddress(string address) =>
        address.Length <= 254
        && address.IndexOf('@') is var at and > 0
        && at == address.LastIndexOf('@')
        && at < address.Length - 1
        && address.All(static c => char.IsAsciiLetterOrDigit(c) || "@.!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal));

    private static MimeAddress Address(string? name, string address)
    {
        var at = address.LastIndexOf('@');
        return at < 0 ? new MimeAddress(name, address, "localhost") : new MimeAddress(name, address[..at], address[(at + 1)..]);
    }

    private static string Language(MessageEnvelope envelope) =>
        envelope.Language.Length is > 0 and <= 35 && envelope.Language.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') ? envelope.Language : "en-US";

    private static DateTimeOffset LocalTime(MessageEnvelope envelope, MailIdentity identity, out string zone)
    {
        foreach (var name in new[] { envelope.TimeZone, identity.TimeZone })
        {
            if (name is { Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found))
            {
                zone = name;
                return TimeZoneInfo.ConvertTime(envelope.ReceivedAt, found);
            }
        }

        zone = "UTC";
        return envelope.ReceivedAt.ToUniversalTime();
    }
}
