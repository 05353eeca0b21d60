namespace Postbell.Imap.Ordering;

/// <summary>Message identifiers out of References, In-Reply-To and Message-ID.</summary>
internal static class MessageIds
{
    /// <summary>Ancestors looked at of one message: the nearest, for the header is kept from its end.</summary>
    private const int MaxIds = 200;

    /// <summary>What stands between angle brackets, in order, without blanks and the quotes of old programs; the last ones of very many.</summary>
    public static List<string> Of(string? header)
    {
        var ids = new List<string>();
        var position = 0;
        while (header is not null && (position = header.IndexOf('<', position)) >= 0)
        {
            var end = header.IndexOf('>', position);
            if (end < 0)
            {
                break;
            }

            var id = header[(position + 1)..end].Replace("\"", "", StringComparison.Ordinal).Trim();
            if (id.Length > 0)
            {
                ids.Add(id);
            }

            position = end + 1;
        }

        return ids.Count > MaxIds ? ids[^MaxIds..] : ids;
    }
}
