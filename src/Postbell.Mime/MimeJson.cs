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

    /// <summary>Reads some fields of the envelope of the whole message, without making the tree; an empty one where there is none.</summary>
    /// <exception cref="JsonException">The bytes are no such tree.</exception>
    public static MimeEnvelope ReadEnvelope(ReadOnlySpan<byte> json, EnvelopeFields wanted)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MimeJsonContext.Compact.Options.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEnvelope = reader.ValueTextEquals("v"u8);
            reader.Read();
            if (isEnvelope)
            {
                return ReadFields(ref reader, wanted);
            }

            reader.Skip();
        }

        return new MimeEnvelope();
    }

    private static MimeEnvelope ReadFields(ref Utf8JsonReader reader, EnvelopeFields wanted)
    {
        var envelope = new MimeEnvelope();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan.Length == 1 ? (char)reader.ValueSpan[0] : '\0';
            reader.Read();
            switch (name)
            {
                case 'd' when wanted.HasFlag(EnvelopeFields.Date):
                    envelope = envelope with { Date = reader.GetString() };
                    break;
                case 's' when wanted.HasFlag(EnvelopeFields.Subject):
                    envelope = envelope with { Subject = reader.GetString() };
                    break;
                case 'f' when wanted.HasFlag(EnvelopeFields.From):
                    envelope = envelope with { From = ReadAddresses(ref reader) };
                    break;
                case 't' when wanted.HasFlag(EnvelopeFields.To):
                    envelope = envelope with { To = ReadAddresses(ref reader) };
                    break;
                case 'c' when wanted.HasFlag(EnvelopeFields.Cc):
                    envelope = envelope with { Cc = ReadAddresses(ref reader) };
                    break;
                case 'i' when wanted.HasFlag(EnvelopeFields.Ids):
                    envelope = envelope with { InReplyTo = reader.GetString() };
                    break;
                case 'm' when wanted.HasFlag(EnvelopeFields.Ids):
                    envelope = envelope with { MessageId = reader.GetString() };
                    break;
                case 'x' when wanted.HasFlag(EnvelopeFields.Ids):
                    envelope = envelope with { References = reader.GetString() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return envelope;
    }

    private static IReadOnlyList<MimeAddress>? ReadAddresses(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize(ref reader, MimeJsonContext.Compact.IReadOnlyListMimeAddress);
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
