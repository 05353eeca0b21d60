using System.Text.Json.Serialization;
using Postbell.Mime.Headers;

namespace Postbell.Mime;

/// <summary>
/// One node of a parsed message: what it is and where its bytes lie. It holds no bytes; all offsets count from the start of the whole message,
/// so the tree is made once at delivery, kept beside the message, and answers IMAP without reading the message again.
/// </summary>
/// <remarks>A multipart has at least one child. A <c>message/rfc822</c> has exactly one: the message inside, which carries an envelope.</remarks>
public sealed record MimeEntity
{
    /// <summary>Lower-case main type, for instance <c>text</c>.</summary>
    [JsonPropertyName("t")]
    public string Type { get; init; } = "text";

    /// <summary>Lower-case subtype, for instance <c>plain</c>.</summary>
    [JsonPropertyName("u")]
    public string Subtype { get; init; } = "plain";

    /// <summary>Parameters of the Content-Type.</summary>
    [JsonPropertyName("p")]
    public IReadOnlyList<MimeParameter> Parameters { get; init; } = [];

    /// <summary>Content-ID, with its angle brackets.</summary>
    [JsonPropertyName("i")]
    public string? Id { get; init; }

    /// <summary>Content-Description, not decoded.</summary>
    [JsonPropertyName("d")]
    public string? Description { get; init; }

    /// <summary>Lower-case Content-Transfer-Encoding; <c>7bit</c> when the header is absent.</summary>
    [JsonPropertyName("e")]
    public string Encoding { get; init; } = "7bit";

    /// <summary>Content-MD5.</summary>
    [JsonPropertyName("m")]
    public string? Md5 { get; init; }

    /// <summary>Content-Disposition.</summary>
    [JsonPropertyName("o")]
    public MimeDisposition? Disposition { get; init; }

    /// <summary>Content-Language tags; empty when absent.</summary>
    [JsonPropertyName("g")]
    public IReadOnlyList<string> Language { get; init; } = [];

    /// <summary>Content-Location.</summary>
    [JsonPropertyName("l")]
    public string? Location { get; init; }

    /// <summary>Offset of the first header byte.</summary>
    [JsonPropertyName("a")]
    public long Start { get; init; }

    /// <summary>Offset of the first body byte: behind the blank line that ends the header.</summary>
    [JsonPropertyName("b")]
    public long BodyStart { get; init; }

    /// <summary>Offset behind the last body byte. The line break before a boundary is not part of the body.</summary>
    [JsonPropertyName("z")]
    public long End { get; init; }

    /// <summary>Line ends in the body.</summary>
    [JsonPropertyName("n")]
    public long BodyLines { get; init; }

    /// <summary>Parts of a multipart, or the one message inside a message/rfc822.</summary>
    [JsonPropertyName("c")]
    public IReadOnlyList<MimeEntity> Children { get; init; } = [];

    /// <summary>Set on the root and on the message inside a message/rfc822.</summary>
    [JsonPropertyName("v")]
    public MimeEnvelope? Envelope { get; init; }

    /// <summary>Octets of the body, still transfer encoded.</summary>
    [JsonIgnore]
    public long BodyLength => End - BodyStart;

    /// <summary>Octets of the header with its blank line.</summary>
    [JsonIgnore]
    public long HeaderLength => BodyStart - Start;

    /// <summary>True for a multipart.</summary>
    [JsonIgnore]
    public bool IsMultipart => Type == "multipart";

    /// <summary>True for a message inside a message.</summary>
    [JsonIgnore]
    public bool IsMessage => Type == "message" && Children.Count == 1;

    /// <summary>Decoded text of a Content-Type parameter (RFC 2231 or encoded words), or null.</summary>
    public string? Parameter(string name) => ParameterText.Find(Parameters, name);

    /// <summary>The file name from Content-Disposition, else from the Content-Type, decoded; null when there is none. It is untrusted text.</summary>
    [JsonIgnore]
    public string? FileName => (Disposition is null ? null : ParameterText.Find(Disposition.Parameters, "filename")) ?? Parameter("name");
}
