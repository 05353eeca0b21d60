using Postbell.Imap.Session;
using Postbell.Mime;

namespace Postbell.Imap.Responses;

/// <summary>BODY and BODYSTRUCTURE, RFC 3501 section 7.4.2. BODY leaves out the extension data.</summary>
internal static class BodyStructureResponse
{
    public static void Write(ResponseWriter writer, MimeEntity entity, bool extended)
    {
        writer.Raw("("u8);
        if (entity.IsMultipart)
        {
            WriteMultipart(writer, entity, extended);
        }
        else
        {
            WriteSingle(writer, entity, extended);
        }

        writer.Raw(")"u8);
    }

    private static void WriteMultipart(ResponseWriter writer, MimeEntity entity, bool extended)
    {
        foreach (var child in entity.Children)
        {
            Write(writer, child, extended);
        }

        writer.Space().String(entity.Subtype);
        if (extended)
        {
            WriteParameters(writer.Space(), entity.Parameters);
            WriteExtension(writer, entity);
        }
    }

    private static void WriteSingle(ResponseWriter writer, MimeEntity entity, bool extended)
    {
        writer.String(entity.Type).Space().String(entity.Subtype);
        WriteParameters(writer.Space(), entity.Parameters);
        writer.Space().NString(entity.Id).Space().NString(entity.Description).Space().String(entity.Encoding).Space().Number(entity.BodyLength);
        if (entity.IsMessage)
        {
            var inner = entity.Children[0];
            EnvelopeResponse.Write(writer.Space(), inner.Envelope ?? new MimeEnvelope());
            Write(writer.Space(), inner, extended);
            writer.Space().Number(entity.BodyLines);
        }
        else if (entity.Type == "text")
        {
            writer.Space().Number(entity.BodyLines);
        }

        if (extended)
        {
            writer.Space().NString(entity.Md5);
            WriteExtension(writer, entity);
        }
    }

    private static void WriteExtension(ResponseWriter writer, MimeEntity entity)
    {
        if (entity.Disposition is { } disposition)
        {
            writer.Raw(" ("u8).String(disposition.Kind);
            WriteParameters(writer.Space(), disposition.Parameters);
            writer.Raw(")"u8);
        }
        else
        {
            writer.Raw(" NIL"u8);
        }

        WriteLanguage(writer.Space(), entity.Language);
        writer.Space().NString(entity.Location);
    }

    private static void WriteParameters(ResponseWriter writer, IReadOnlyList<MimeParameter> parameters)
    {
        if (parameters.Count == 0)
        {
            writer.Raw("NIL"u8);
            return;
        }

        writer.Raw("("u8);
        for (var i = 0; i < parameters.Count; i++)
        {
            writer.Raw(i > 0 ? " "u8 : ""u8).String(parameters[i].Name).Space().String(parameters[i].Value);
        }

        writer.Raw(")"u8);
    }

    private static void WriteLanguage(ResponseWriter writer, IReadOnlyList<string> language)
    {
        if (language.Count < 2)
        {
            writer.NString(language.Count == 0 ? null : language[0]);
            return;
        }

        writer.Raw("("u8);
        for (var i = 0; i < language.Count; i++)
        {
            writer.Raw(i > 0 ? " "u8 : ""u8).String(language[i]);
        }

        writer.Raw(")"u8);
    }
}
