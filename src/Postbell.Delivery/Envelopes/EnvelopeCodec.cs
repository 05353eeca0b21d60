using System.Text.Json;
using System.Text.Json.Serialization;
using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery.Envelopes;

/// <summary>Why an envelope could not be read.</summary>
public enum EnvelopeFault
{
    /// <summary>It could.</summary>
    None,

    /// <summary>There are no bytes: damage took it.</summary>
    Missing,

    /// <summary>It is no JSON, or something is missing in it.</summary>
    Malformed,

    /// <summary>A newer version of the program wrote it.</summary>
    UnknownVersion,

    /// <summary>It belongs to another recording.</summary>
    WrongId,
}

/// <summary>Envelopes as bytes: JSON with a version, so that an update of the program finds what the old one left.</summary>
public static class EnvelopeCodec
{
    private const int Version = 1;
    private const int MaxText = 2048;

    /// <summary>Writes an envelope; texts are cut after 2048 characters, that of a text message after <see cref="MessageEnvelope.LongestText"/>.</summary>
    public static byte[] Serialize(MessageEnvelope envelope) =>
        JsonSerializer.SerializeToUtf8Bytes(new VersionedEnvelope(Version, Bound(envelope)), EnvelopeJson.Default.VersionedEnvelope);

    /// <summary>Reads an envelope.</summary>
    public static EnvelopeFault TryParse(ReadOnlyMemory<byte> bytes, TraceId id, out MessageEnvelope? envelope)
    {
        envelope = null;
        if (bytes.IsEmpty)
        {
            return EnvelopeFault.Missing;
        }

        try
        {
            if (JsonSerializer.Deserialize(bytes.Span, EnvelopeJson.Default.EnvelopeVersion)?.Version != Version)
            {
                return EnvelopeFault.UnknownVersion;
            }

            var read = JsonSerializer.Deserialize(bytes.Span, EnvelopeJson.Default.VersionedEnvelope)?.Envelope;
            if (read is null || read.Kind is not (MessageKind.Voice or MessageKind.MissedCall or MessageKind.Text) || (read.Kind == MessageKind.Text) != (read.Text is not null))
            {
                return EnvelopeFault.Malformed;
            }

            envelope = read;
            return read.Id == id ? EnvelopeFault.None : EnvelopeFault.WrongId;
        }
        catch (JsonException)
        {
            return EnvelopeFault.Malformed;
        }
    }

    private static MessageEnvelope Bound(MessageEnvelope envelope) => envelope with
    {
        RecipientName = Cut(envelope.RecipientName)!,
        RecipientAddress = Cut(envelope.RecipientAddress)!,
        Text = Cut(envelope.Text, MessageEnvelope.LongestText),
        CallerNumber = Cut(envelope.CallerNumber),
        CallerName = Cut(envelope.CallerName),
        CallerAddress = Cut(envelope.CallerAddress),
        CalledNumber = Cut(envelope.CalledNumber)!,
        CallId = Cut(envelope.CallId)!,
        Language = Cut(envelope.Language)!,
        TimeZone = Cut(envelope.TimeZone),
        GatewayName = Cut(envelope.GatewayName)!,
        PolicyText = Cut(envelope.PolicyText),
    };

    private static string? Cut(string? text, int longest = MaxText) => text?.Length > longest ? text[..longest] : text;
}

internal sealed record EnvelopeVersion(int Version);

internal sealed record VersionedEnvelope(int Version, MessageEnvelope Envelope);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    Converters = [typeof(TraceIdConverter)])]
[JsonSerializable(typeof(EnvelopeVersion))]
[JsonSerializable(typeof(VersionedEnvelope))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;

internal sealed class TraceIdConverter : JsonConverter<TraceId>
{
    public override TraceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TraceId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("That is no trace id.");

    public override void Write(Utf8JsonWriter writer, TraceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
