using Postbell.Mime.Headers;

namespace Postbell.Mime.Parsing;

/// <summary>Collects the envelope from a message header.</summary>
internal static class EnvelopeReader
{
    private const int MaxReferences = 8 * 1024;

    public static MimeEnvelope Read(ReadOnlySpan<byte> header, MimeLimits limits)
    {
        var from = Addresses(header, "from"u8, limits);
        return new MimeEnvelope
        {
            Date = HeaderText.Find(header, "date"u8),
            Subject = HeaderText.Find(header, "subject"u8),
            From = from,
            Sender = Addresses(header, "sender"u8, limits) ?? from,
            ReplyTo = Addresses(header, "reply-to"u8, limits) ?? from,
            To = Addresses(header, "to"u8, limits),
            Cc = Addresses(header, "cc"u8, limits),
            Bcc = Addresses(header, "bcc"u8, limits),
            InReplyTo = HeaderText.Find(header, "in-reply-to"u8),
            MessageId = HeaderText.Find(header, "message-id"u8),
            References = End(HeaderText.Find(header, "references"u8)),
        };
    }

    private static string? End(string? references)
    {
        if (references is null || references.Length <= MaxReferences)
        {
            return references;
        }

        var end = references[^MaxReferences..];
        var whole = end.IndexOf('<', StringComparison.Ordinal);
        return whole < 0 ? null : end[whole..];
    }

    // Several fields of one name are against the rules but happen; readers show them all.
    private static List<MimeAddress>? Addresses(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, MimeLimits limits)
    {
        List<MimeAddress>? all = null;
        foreach (var field in new HeaderReader(header))
        {
            if (field.Is(header, name) && (all?.Count ?? 0) < limits.MaxAddresses)
            {
                var list = AddressListParser.Parse(HeaderText.Unfold(field.RawValue(header)), limits.MaxAddresses);
                (all ??= []).AddRange(list);
            }
        }

        return all is { Count: > 0 } ? all : null;
    }
}
