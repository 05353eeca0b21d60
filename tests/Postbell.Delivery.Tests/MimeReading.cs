using Postbell.Mime;
using Postbell.Mime.Decoding;

namespace Postbell.Delivery.Tests;

/// <summary>Reads messages back the way a mail program does.</summary>
internal static class MimeReading
{
    public static string MediaType(this MimeEntity entity) => $"{entity.Type}/{entity.Subtype}";

    public static IEnumerable<MimeEntity> Descendants(this MimeEntity entity) => entity.Children.SelectMany(c => c.Descendants()).Prepend(entity);

    public static byte[] Content(this MimeEntity entity, byte[] message) =>
        TransferDecoder.Decode(message.AsSpan((int)entity.BodyStart, (int)entity.BodyLength), entity.Encoding);

    public static string DecodedText(this MimeEntity entity, byte[] message) => Charsets.Decode(entity.Content(message), entity.Parameter("charset"));
}
