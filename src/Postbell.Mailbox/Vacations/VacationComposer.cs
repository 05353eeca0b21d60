using Postbell.Core;
using Postbell.Mime;
using Postbell.Mime.Composing;
using Postbell.Mime.Decoding;

namespace Postbell.Mailbox.Vacations;

/// <summary>Writes an automatic reply (RFC 3834 section 3).</summary>
internal static class VacationComposer
{
    private const int MaxReferences = 2000;

    /// <summary>Writes one.</summary>
    /// <param name="vacation">What it says.</param>
    /// <param name="person">Who is away.</param>
    /// <param name="from">The address of hers it is sent from.</param>
    /// <param name="to">Sender of the envelope of the message it answers.</param>
    /// <param name="original">Envelope of that message.</param>
    /// <param name="id">Name of the reply.</param>
    /// <param name="now">The date.</param>
    public static byte[] Compose(Vacation vacation, Account person, string from, string to, MimeEnvelope original, TraceId id, DateTimeOffset now)
    {
        var asked = DisplayText.Clean(EncodedWords.Decode(original.Subject ?? ""), Vacation.MaxSubject);
        var sender = Address(from, person.DisplayName);
        var message = new OutgoingMessage(id.ToString(), OutgoingPart.Text(vacation.Text))
            .AddDate("Date", now)
            .AddAddresses("From", sender)
            .AddAddresses("To", Address(to, null))
            .AddText("Subject", vacation.Subject.Length > 0 ? vacation.Subject : $"Automatic reply: {asked}")
            .AddText("Message-ID", $"<{id}@{sender.Host}>")
            .AddText("Auto-Submitted", "auto-replied (vacation)")
            .AddText("X-Auto-Response-Suppress", "All");
        if (original.MessageId is { } answered && IsPlain(answered))
        {
            var references = original.References is { Length: > 0 and < MaxReferences } before && IsPlain(before) ? $"{before} {answered}" : answered;
            message.AddText("In-Reply-To", answered).AddText("References", references);
        }

        return message.ToBytes();
    }

    private static MimeAddress Address(string address, string? name)
    {
        var at = address.LastIndexOf('@');
        return new MimeAddress(name, address[..at], address[(at + 1)..]);
    }

    private static bool IsPlain(string text) => text.All(static c => c is >= ' ' and < '\x7f');
}
