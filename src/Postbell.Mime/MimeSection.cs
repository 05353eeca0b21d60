namespace Postbell.Mime;

/// <summary>What of an entity an IMAP section names.</summary>
public enum MimeSectionPart
{
    /// <summary><c>BODY[]</c> or <c>BODY[1.2]</c>: the whole message, or the body of a part.</summary>
    Whole,

    /// <summary><c>HEADER</c>: the RFC 5322 header of the message or of the message inside the part.</summary>
    Header,

    /// <summary><c>TEXT</c>: the body of the message or of the message inside the part.</summary>
    Text,

    /// <summary><c>MIME</c>: the MIME header of a part.</summary>
    Mime,
}

/// <summary>A range of bytes in a message.</summary>
/// <param name="Start">Offset from the start of the message.</param>
/// <param name="Length">Octets.</param>
public readonly record struct MimeRange(long Start, long Length);

/// <summary>Section addressing of IMAP (RFC 3501 section 6.4.5).</summary>
public static class MimeSection
{
    /// <summary>Finds the entity that a part number such as <c>1.2</c> names; an empty path is the message itself. Null when there is no such part.</summary>
    public static MimeEntity? FindPart(MimeEntity root, ReadOnlySpan<int> path)
    {
        var entity = root;
        for (var i = 0; i < path.Length; i++)
        {
            // A part number behind a message counts the parts of the message inside.
            var container = i > 0 && entity.IsMessage ? entity.Children[0] : entity;
            if (container.IsMultipart)
            {
                if (path[i] < 1 || path[i] > container.Children.Count)
                {
                    return null;
                }

                entity = container.Children[path[i] - 1];
            }
            else if (path[i] == 1 && (i == 0 || entity.IsMessage))
            {
                // The only part of a message that is not a multipart is its body.
                entity = container;
            }
            else
            {
                return null;
            }
        }

        return entity;
    }

    /// <summary>The bytes a section names, or null when the message has no such section.</summary>
    public static MimeRange? Locate(MimeEntity root, ReadOnlySpan<int> path, MimeSectionPart part)
    {
        if (path.IsEmpty)
        {
            return part switch
            {
                MimeSectionPart.Whole => new MimeRange(root.Start, root.End - root.Start),
                MimeSectionPart.Header => Header(root),
                MimeSectionPart.Text => Body(root),
                _ => null,
            };
        }

        if (FindPart(root, path) is not { } entity)
        {
            return null;
        }

        return part switch
        {
            MimeSectionPart.Whole => Body(entity),
            MimeSectionPart.Mime => Header(entity),
            MimeSectionPart.Header => entity.IsMessage ? Header(entity.Children[0]) : null,
            _ => entity.IsMessage ? Body(entity.Children[0]) : null,
        };
    }

    private static MimeRange Header(MimeEntity entity) => new(entity.Start, entity.HeaderLength);

    private static MimeRange Body(MimeEntity entity) => new(entity.BodyStart, entity.BodyLength);
}
