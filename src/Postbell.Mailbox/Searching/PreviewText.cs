using System.Text;
using Postbell.Mime;

namespace Postbell.Mailbox.Searching;

/// <summary>The first words of a message (RFC 8970).</summary>
internal static class PreviewText
{
    /// <summary>Most characters, as the RFC asks for.</summary>
    public const int MaxLength = 200;

    // Enough for the characters wanted, whatever the encoding and the markup in front of them.
    private const int MaxPartOctets = 64 * 1024;

    /// <summary>The preview of a message that lies in memory; empty when it has no text.</summary>
    public static string Of(MimeEntity structure, ReadOnlySpan<byte> message) =>
        Choose(structure) is { } part ? Shorten(MessageText.Part(part, message.Slice((int)part.BodyStart, Length(part)))) : "";

    /// <summary>The preview of a message whose bytes are read as they are needed.</summary>
    public static async Task<string> OfAsync(MimeEntity structure, Func<long, int, Task<ReadOnlyMemory<byte>>> read) =>
        Choose(structure) is { } part ? Shorten(MessageText.Part(part, (await read(part.BodyStart, Length(part)).ConfigureAwait(false)).Span)) : "";

    /// <summary>The part to show: a transcript (a text part described or named so), else the first plain text, else the first HTML; no attachments.</summary>
    private static MimeEntity? Choose(MimeEntity structure)
    {
        var texts = new List<MimeEntity>();
        Collect(structure, texts);
        return texts.Find(IsTranscript)
            ?? texts.Find(static t => t.Subtype != "html" && !IsAttachment(t))
            ?? texts.Find(static t => !IsAttachment(t));
    }

    private static void Collect(MimeEntity entity, List<MimeEntity> texts)
    {
        if (entity.Type == "text")
        {
            texts.Add(entity);
        }

        foreach (var child in entity.Children)
        {
            Collect(child, texts);
        }
    }

    private static bool IsTranscript(MimeEntity part) =>
        part.Description?.StartsWith("transcript", StringComparison.OrdinalIgnoreCase) == true
        || part.FileName?.StartsWith("transcript", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsAttachment(MimeEntity part) => part.Disposition?.Kind == "attachment";

    private static int Length(MimeEntity part) => (int)Math.Min(part.BodyLength, MaxPartOctets);

    // White space of any length is one blank; a character outside the plane of 16 bits is not cut in two.
    private static string Shorten(string text)
    {
        var preview = new StringBuilder(MaxLength);
        var count = 0;
        var blank = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || rune.Value is 0xFEFF or 0x200B or 0xFFFD)
            {
                blank = count > 0;
                continue;
            }

            if (count + (blank ? 2 : 1) > MaxLength)
            {
                break;
            }

            preview.Append(blank ? " " : "").Append(rune.ToString());
            count += blank ? 2 : 1;
            blank = false;
        }

        return preview.ToString();
    }
}
