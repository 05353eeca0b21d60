using System.Text.Json.Serialization;

namespace Postbell.Mime;

/// <summary>A Content-Disposition (RFC 2183).</summary>
/// <param name="Kind">Lower case: <c>inline</c>, <c>attachment</c> or whatever the sender wrote.</param>
/// <param name="Parameters">As in <see cref="MimeParameter"/>.</param>
public sealed record MimeDisposition(
    [property: JsonPropertyName("k")] string Kind,
    [property: JsonPropertyName("p")] IReadOnlyList<MimeParameter> Parameters);
