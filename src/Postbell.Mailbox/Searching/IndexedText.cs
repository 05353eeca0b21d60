using System.Text;
using Postbell.Mime;

namespace Postbell.Mailbox.Searching;

/// <summary>The text of a message as the index takes it and as a search reads it: both come from here, so that they cannot differ.</summary>
internal static class IndexedText
{
    /// <summary>More than this is not indexed but read by each search: hardly any person wrote it.</summary>
    public const int MaxCharacters = 4_000_000;

    /// <summary>Header fields, one a line.</summary>
    public static string Head(MimeEntity structure, ReadOnlySpan<byte> message)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in MessageText.Fields(message.Slice((int)structure.Start, (int)structure.HeaderLength)))
        {
            text.Append(name).Append(": ").Append(value).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The decoded text parts, each with a line end behind it; the header of a message inside is part of the outer body.</summary>
    /// <param name="read">Reads bytes of the message: offset and length.</param>
    public static async Task<string> BodyAsync(MimeEntity structure, Func<long, long, Task<ReadOnlyMemory<byte>>> read)
    {
        var text = new StringBuilder();
        await AppendAsync(structure, text, read).ConfigureAwait(false);
        return text.ToString();
    }

    private static async Task AppendAsync(MimeEntity entity, StringBuilder text, Func<long, long, Task<ReadOnlyMemory<byte>>> read)
    {
        if (entity.Type == "text")
        {
            var raw = await read(entity.BodyStart, entity.BodyLength).ConfigureAwait(false);
            text.Append(MessageText.Part(entity, raw.Span)).Append('\n');
            return;
        }

        foreach (var child in entity.Children)
        {
            if (entity.IsMessage)
            {
                var header = await read(child.Start, child.HeaderLength).ConfigureAwait(false);
                foreach (var (name, value) in MessageText.Fields(header.Span))
                {
                    text.Append(name).Append(": ").Append(value).Append('\n');
                }
            }

            await AppendAsync(child, text, read).ConfigureAwait(false);
        }
    }
}
