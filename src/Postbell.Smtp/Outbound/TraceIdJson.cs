using System.Text.Json;
using System.Text.Json.Serialization;
using Postbell.Core;

namespace Postbell.Smtp.Outbound;

/// <summary>Trace ids in their written form.</summary>
internal sealed class TraceIdJson : JsonConverter<TraceId>
{
    public override TraceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TraceId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("no trace id");

    public override void Write(Utf8JsonWriter writer, TraceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
