using Postbell.Mime.Headers;

namespace Postbell.Mime.Parsing;

/// <summary>Walks a message once per nesting level and builds the tree of entities.</summary>
internal ref struct StructureParser(ReadOnlySpan<byte> message, MimeLimits limits)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private readonly MimeLimits _limits = limits;
    private int _parts;

    public MimeEntity ParseRoot() => ParseEntity(0, _message.Length, depth: 0, isMessage: true, inDigest: false);

    private MimeEntity ParseEntity(int start, int end, int depth, bool isMessage, bool inDigest)
    {
        _parts++;
        var bodyStart = start + HeaderReader.FindBody(_message[start..end]);
        var header = _message[start..bodyStart];
        if (header.Length > _limits.MaxHeaderBytes)
        {
            header = header[.._limits.MaxHeaderBytes];
        }

        var fields = EntityHeader.Read(header, isMessage, inDigest, _limits);
        var entity = fields.Entity with
        {
            Start = start,
            BodyStart = bodyStart,
            End = end,
            BodyLines = _message[bodyStart..end].Count((byte)'\n'),
        };
        if (entity.IsMultipart)
        {
            return WithParts(entity, fields.Boundary, depth);
        }

        return entity.Type == "message" && entity.Subtype is "rfc822" or "global" ? WithMessage(entity, depth) : entity;
    }

    // A message inside must lie there unencoded (RFC 2046 section 5.2.1); otherwise it is bytes to the reader.
    private MimeEntity WithMessage(MimeEntity entity, int depth)
    {
        if (depth >= _limits.MaxDepth || _parts >= _limits.MaxParts || entity.Encoding is "base64" or "quoted-printable")
        {
            return Opaque(entity);
        }

        return entity with
        {
            Children = [ParseEntity((int)entity.BodyStart, (int)entity.End, depth + 1, isMessage: true, inDigest: false)],
        };
    }

    private MimeEntity WithParts(MimeEntity entity, byte[]? boundary, int depth)
    {
        if (depth >= _limits.MaxDepth || _parts >= _limits.MaxParts)
        {
            return Opaque(entity);
        }

        var children = boundary is null ? [] : ParseParts(entity, boundary, depth);
        // Without a single boundary line the body is shown as the text it is.
        return children.Count > 0 ? entity with { Children = children } : entity with { Type = "text", Subtype = "plain", Parameters = [] };
    }

    private List<MimeEntity> ParseParts(MimeEntity entity, byte[] boundary, int depth)
    {
        var children = new List<MimeEntity>();
        var digest = entity.Subtype == "digest";
        var end = (int)entity.End;
        var lines = new BoundaryScanner(_message[..end], (int)entity.BodyStart, boundary);
        var open = lines.MoveNext() && !lines.IsClosing;
        while (open)
        {
            var start = lines.LineEnd;
            var last = _parts + 1 >= _limits.MaxParts || !lines.MoveNext();
            var partEnd = last ? end : lines.BreakStart;
            // Two boundary lines may follow each other directly; then the part between has not even a line break of its own.
            children.Add(ParseEntity(start, Math.Max(start, partEnd), depth + 1, isMessage: false, inDigest: digest));
            open = !last && !lines.IsClosing;
        }

        return children;
    }

    private static MimeEntity Opaque(MimeEntity entity) => entity with { Type = "application", Subtype = "octet-stream", Parameters = [] };
}
