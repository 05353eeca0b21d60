using System.Buffers;
using System.Text;

namespace Postbell.Mime.Composing;

/// <summary>A body or body part to be written.</summary>
public abstract class OutgoingPart
{
    private readonly List<byte[]> _fields = [];

    private protected OutgoingPart()
    {
    }

    /// <summary>A text part in UTF-8. Line ends of any kind become CRLF.</summary>
    /// <param name="text">The text.</param>
    /// <param name="subtype"><c>plain</c>, <c>html</c>, ...</param>
    public static OutgoingPart Text(string text, string subtype = "plain") => new TextPart(text, subtype);

    /// <summary>A part with bytes, in base64.</summary>
    /// <param name="type">Media type, for instance <c>audio/mp3</c>.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="fileName">Name to save it under, or null. It may hold anything: path separators and control characters are taken out.</param>
    /// <param name="disposition"><c>attachment</c> or <c>inline</c>.</param>
    public static OutgoingPart File(string type, ReadOnlyMemory<byte> content, string? fileName, string disposition = "attachment") =>
        new BinaryPart(type, content, fileName, disposition);

    /// <summary>A part whose bytes stand as they are, as the <c>message/*</c> types want it (RFC 2046 section 5.2): no encoding may be laid over them.</summary>
    /// <param name="type">Media type, for instance <c>message/rfc822</c>.</param>
    /// <param name="content">The bytes; every line end CRLF.</param>
    public static OutgoingPart Verbatim(string type, ReadOnlyMemory<byte> content) => new VerbatimPart(type, content);

    /// <summary>A container of parts.</summary>
    /// <param name="subtype"><c>mixed</c>, <c>alternative</c>, <c>related</c>, ...</param>
    /// <param name="parts">At least one part.</param>
    public static OutgoingPart Multipart(string subtype, params IReadOnlyList<OutgoingPart> parts) => new MultipartPart(subtype, null, parts);

    /// <summary>A report for programs and people (RFC 6522).</summary>
    /// <param name="reportType">For instance <c>delivery-status</c>.</param>
    /// <param name="parts">For people, for programs, and what it is about.</param>
    public static OutgoingPart Report(string reportType, params IReadOnlyList<OutgoingPart> parts) => new MultipartPart("report", reportType, parts);

    /// <summary>Adds a header field of the part, for instance Content-Description or Content-ID.</summary>
    public OutgoingPart AddText(string name, string text)
    {
        var line = new HeaderLine(name);
        line.AppendText(text);
        _fields.Add(line.ToBytes());
        return this;
    }

    /// <summary>Writes header, blank line and body; the body does not end with a line break of its own unless its text does.</summary>
    internal abstract void Write(IBufferWriter<byte> output, BoundarySequence boundaries);

    private protected void WriteHeader(IBufferWriter<byte> output, HeaderLine type, string? encoding, HeaderLine? disposition)
    {
        output.Write(type.ToBytes());
        if (encoding is not null)
        {
            output.Write(Encoding.ASCII.GetBytes("Content-Transfer-Encoding: " + encoding + "\r\n"));
        }

        if (disposition is not null)
        {
            output.Write(disposition.ToBytes());
        }

        foreach (var field in _fields)
        {
            output.Write(field);
        }

        output.Write("\r\n"u8);
    }

    private sealed class TextPart(string text, string subtype) : OutgoingPart
    {
        internal override void Write(IBufferWriter<byte> output, BoundarySequence boundaries)
        {
            var bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
            var encoding = BodyEncoding.Choose(bytes);
            var type = new HeaderLine("Content-Type");
            type.AppendText("text/" + subtype);
            type.AppendParameter("charset", "utf-8");
            WriteHeader(output, type, encoding, null);
            BodyEncoding.Write(output, bytes, encoding);
        }
    }

    private sealed class BinaryPart(string type, ReadOnlyMemory<byte> content, string? fileName, string disposition) : OutgoingPart
    {
        internal override void Write(IBufferWriter<byte> output, BoundarySequence boundaries)
        {
            var typeLine = new HeaderLine("Content-Type");
            typeLine.AppendText(type);
            var dispositionLine = new HeaderLine("Content-Disposition");
            dispositionLine.AppendText(disposition);
            if (fileName is not null)
            {
                var safe = FileName.Clean(fileName);
                typeLine.AppendParameter("name", safe);
                dispositionLine.AppendParameter("filename", safe);
            }

            WriteHeader(output, typeLine, BodyEncoding.Base64, dispositionLine);
            BodyEncoding.Write(output, content.Span, BodyEncoding.Base64);
        }
    }

    private sealed class VerbatimPart(string type, ReadOnlyMemory<byte> content) : OutgoingPart
    {
        internal override void Write(IBufferWriter<byte> output, BoundarySequence boundaries)
        {
            var typeLine = new HeaderLine("Content-Type");
            typeLine.AppendText(type);
            WriteHeader(output, typeLine, content.Span.ContainsAnyInRange((byte)128, (byte)255) ? "8bit" : "7bit", null);
            output.Write(content.Span);
        }
    }

    private sealed class MultipartPart : OutgoingPart
    {
        private readonly string _subtype;
        private readonly string? _reportType;
        private readonly IReadOnlyList<OutgoingPart> _parts;

        public MultipartPart(string subtype, string? reportType, IReadOnlyList<OutgoingPart> parts)
        {
            ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
            _subtype = subtype;
            _reportType = reportType;
            _parts = parts;
        }

        internal override void Write(IBufferWriter<byte> output, BoundarySequence boundaries)
        {
            var boundary = boundaries.Next();
            var type = new HeaderLine("Content-Type");
            type.AppendText("multipart/" + _subtype);
            if (_reportType is not null)
            {
                type.AppendParameter("report-type", _reportType);
            }

            type.AppendParameter("boundary", boundary);
            WriteHeader(output, type, null, null);
            var delimiter = Encoding.ASCII.GetBytes("--" + boundary);
            foreach (var part in _parts)
            {
                output.Write(delimiter);
                output.Write("\r\n"u8);
                part.Write(output, boundaries);
                output.Write("\r\n"u8);
            }

            output.Write(delimiter);
            output.Write("--\r\n"u8);
        }
    }
}
