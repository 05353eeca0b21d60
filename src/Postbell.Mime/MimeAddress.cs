using System.Text.Json.Serialization;

namespace Postbell.Mime;

/// <summary>
/// One address in the form of the IMAP ENVELOPE (RFC 3501 section 7.4.2). A group starts with an entry whose <see cref="Host"/> is null and whose
/// <see cref="Mailbox"/> is the group's name, and ends with an entry where both are null.
/// </summary>
/// <param name="Name">Display name as it stood in the header: encoded words are still encoded (see <see cref="Decoding.EncodedWords"/>).</param>
/// <param name="Route">Source route of RFC 822, almost always null.</param>
/// <param name="Mailbox">The part before the at sign.</param>
/// <param name="Host">The part behind the at sign; empty when the header had none.</param>
[method: JsonConstructor]
public sealed record MimeAddress(
    [property: JsonPropertyName("n")] string? Name,
    [property: JsonPropertyName("r")] string? Route,
    [property: JsonPropertyName("m")] string? Mailbox,
    [property: JsonPropertyName("h")] string? Host)
{
    /// <summary>A plain address with a display name.</summary>
    public MimeAddress(string? name, string mailbox, string host)
        : this(name, null, mailbox, host)
    {
    }

    /// <summary>True for the entry that opens a group.</summary>
    [JsonIgnore]
    public bool IsGroupStart => Host is null && Mailbox is not null;

    /// <summary>True for the entry that closes a group.</summary>
    [JsonIgnore]
    public bool IsGroupEnd => Host is null && Mailbox is null;
}
