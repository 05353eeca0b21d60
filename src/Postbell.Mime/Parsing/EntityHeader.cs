using System.Text;
using Postbell.Mime.Headers;

namespace Postbell.Mime.Parsing;

/// <summary>What the header of one entity says.</summary>
/// <param name="Entity">Entity without offsets and children.</param>
/// <param name="Boundary">Boundary of a multipart, or null.</param>
internal readonly record struct EntityHeader(MimeEntity Entity, byte[]? Boundary)
{
    private const int MaxBoundary = 200;

    public static EntityHeader Read(ReadOnlySpan<byte> header, bool isMessage, bool inDigest, MimeLimits limits)
    {
        var (type, subtype) = inDigest ? ("message", "rfc822") : ("text", "plain");
        IReadOnlyList<MimeParameter> parameters = [];
        var entity = new MimeEntity();
        foreach (var field in new HeaderReader(header))
        {
            // Only the Content- fields of a part mean anything (RFC 2045 section 3).
            if (!field.Name(header).StartsWithIgnoreCase("content-"u8))
            {
                continue;
            }

            var value = HeaderText.Unfold(field.RawValue(header));
            switch (Encoding.ASCII.GetString(field.Name(header)[8..]).ToLowerInvariant())
            {
                case "type":
                    (type, subtype, parameters) = ReadType(value, type, subtype);
                    break;
                case "transfer-encoding":
                    entity = entity with { Encoding = ReadEncoding(value) };
                    break;
                case "id":
                    entity = entity with { Id = NullIfEmpty(value) };
                    break;
                case "description":
                    entity = entity with { Description = NullIfEmpty(value) };
                    break;
                case "md5":
                    entity = entity with { Md5 = NullIfEmpty(value) };
                    break;
                case "disposition":
                    entity = entity with { Disposition = ReadDisposition(value) };
                    break;
                case "language":
                    entity = entity with { Language = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) };
                    break;
                case "location":
                    entity = entity with { Location = NullIfEmpty(value) };
                    break;
            }
        }

        entity = entity with { Type = type, Subtype = subtype, Parameters = parameters };
        return new EntityHeader(isMessage ? entity with { Envelope = EnvelopeReader.Read(header, limits) } : entity, FindBoundary(parameters));
    }

    private static (string Type, string Subtype, IReadOnlyList<MimeParameter> Parameters) ReadType(string value, string type, string subtype)
    {
        var (name, parameters) = ParameterListParser.Parse(value);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < name.Length - 1)
        {
            return (name[..slash], name[(slash + 1)..], parameters);
        }

        // A type without subtype is an error; its parameters may still help ("text; charset=...").
        return (type, subtype, name is "text" or "" ? parameters : []);
    }

    private static string ReadEncoding(string value)
    {
        var encoding = ParameterListParser.Parse(value).Value;
        return encoding.Length > 0 ? encoding : "7bit";
    }

    private static MimeDisposition? ReadDisposition(string value)
    {
        var (kind, parameters) = ParameterListParser.Parse(value);
        return kind.Length == 0 ? null : new MimeDisposition(kind, parameters);
    }

    private static byte[]? FindBoundary(IReadOnlyList<MimeParameter> parameters)
    {
        var boundary = ParameterText.Find(parameters, "boundary")?.TrimEnd();
        return boundary is { Length: > 0 and <= MaxBoundary } ? Encoding.UTF8.GetBytes(boundary) : null;
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}

internal static class AsciiSpans
{
    public static bool StartsWithIgnoreCase(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);
}
