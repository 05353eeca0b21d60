using System.Text.Json;
using System.Text.Json.Serialization;

namespace Postbell.Mime;

/// <summary>The structure tree as compact JSON, the form in which it is kept beside a message.</summary>
public static class MimeJson
{
    /// <summary>Writes a tree.</summary>
    public static byte[] Serialize(MimeEntity root) => JsonSerializer.SerializeToUtf8Bytes(root, MimeJsonContext.Compact.MimeEntity);

    /// <summary>Reads a tree written by <see cref="Serialize"/>.</summary>
    /// <exception cref="JsonException">The bytes are no such tree.</exception>
    public static MimeEntity Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, MimeJsonContext.Compact.MimeEntity) ?? throw new JsonException("A structure tree cannot be null.");

    /// <summary>Reads the envelope of the whole message alone, without making the tree; an empty one where there is none.</summary>
    /// <exception cref="JsonException">The bytes are no such tree.</exception>
    public static MimeEnvelope ReadEnvelope(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MimeJsonContext.Compact.Options.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEnvelope = reader.ValueTextEquals("v"u8);
            reader.Read();
            if (isEnvelope)
            {
                return JsonSerializer.Deserialize(ref reader, MimeJsonContext.Compact.MimeEnvelope) ?? new MimeEnvelope();
            }

            reader.Skip();
        }

        return new MimeEnvelope();
    }
}

[JsonSerializable(typeof(MimeEntity))]
internal sealed partial class MimeJsonContext : JsonSerializerContext
{
    /// <summary>One entity takes two levels of JSON; the parser's depth limit must fit.</summary>
    public static MimeJsonContext Compact { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        MaxDepth = 512,
    });
}
