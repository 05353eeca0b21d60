using System.Text.Json.Serialization;

namespace Postbell.Mime;

/// <summary>What IMAP calls ENVELOPE: texts unfolded but not decoded; Sender and Reply-To already fall back to From. Null where a header is absent.</summary>
public sealed record MimeEnvelope
{
    /// <summary>The Date header.</summary>
    [JsonPropertyName("d")]
    public string? Date { get; init; }

    /// <summary>The Subject header.</summary>
    [JsonPropertyName("s")]
    public string? Subject { get; init; }

    /// <summary>From.</summary>
    [JsonPropertyName("f")]
    public IReadOnlyList<MimeAddress>? From { get; init; }

    /// <summary>Sender, or From.</summary>
    [JsonPropertyName("n")]
    public IReadOnlyList<MimeAddress>? Sender { get; init; }

    /// <summary>Reply-To, or From.</summary>
    [JsonPropertyName("r")]
    public IReadOnlyList<MimeAddress>? ReplyTo { get; init; }

    /// <summary>To.</summary>
    [JsonPropertyName("t")]
    public IReadOnlyList<MimeAddress>? To { get; init; }

    /// <summary>Cc.</summary>
    [JsonPropertyName("c")]
    public IReadOnlyList<MimeAddress>? Cc { get; init; }

    /// <summary>Bcc.</summary>
    [JsonPropertyName("b")]
    public IReadOnlyList<MimeAddress>? Bcc { get; init; }

    /// <summary>In-Reply-To.</summary>
    [JsonPropertyName("i")]
    public string? InReplyTo { get; init; }

    /// <summary>Message-ID, with its angle brackets.</summary>
    [JsonPropertyName("m")]
    public string? MessageId { get; init; }

    /// <summary>References, for threads; no part of IMAP's ENVELOPE. Of a very long one the end, where the nearest ancestors are.</summary>
    [JsonPropertyName("x")]
    public string? References { get; init; }
}
