using System.Text.Json.Serialization;

namespace Postbell.Mime;

/// <summary>
/// One parameter of a Content-Type or Content-Disposition as IMAP shows it: RFC 2231 continuations are joined into one; a value with charset keeps
/// its percent encoding and a name that ends in <c>*</c>. <see cref="MimeEntity.Parameter"/> gives the decoded text.
/// </summary>
/// <param name="Name">Lower case, for instance <c>charset</c> or <c>filename*</c>.</param>
/// <param name="Value">Without quotes.</param>
public sealed record MimeParameter([property: JsonPropertyName("n")] string Name, [property: JsonPropertyName("v")] string Value);
