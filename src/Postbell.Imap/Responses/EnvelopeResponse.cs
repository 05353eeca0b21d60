using Postbell.Imap.Session;
using Postbell.Mime;

namespace Postbell.Imap.Responses;

/// <summary>ENVELOPE, RFC 3501 section 7.4.2: texts as they stand in the header, not decoded.</summary>
internal static class EnvelopeResponse
{
    public static void Write(ResponseWriter writer, MimeEnvelope envelope)
    {
        writer.Raw("("u8).NString(envelope.Date).Space().NString(envelope.Subject);
        WriteAddresses(writer, envelope.From);
        WriteAddresses(writer, envelope.Sender);
        WriteAddresses(writer, envelope.ReplyTo);
        WriteAddresses(writer, envelope.To);
        WriteAddresses(writer, envelope.Cc);
        WriteAddresses(writer, envelope.Bcc);
        writer.Space().NString(envelope.InReplyTo).Space().NString(envelope.MessageId).Raw(")"u8);
    }

    private static void WriteAddresses(ResponseWriter writer, IReadOnlyList<MimeAddress>? addresses)
    {
        if (addresses is null || addresses.Count == 0)
        {
            writer.Raw(" NIL"u8);
            return;
        }

        writer.Raw(" ("u8);
        foreach (var address in addresses)
        {
            writer.Raw("("u8).NString(address.Name).Space().NString(address.Route).Space();
            writer.NString(address.Mailbox).Space().NString(address.Host).Raw(")"u8);
        }

        writer.Raw(")"u8);
    }
}
