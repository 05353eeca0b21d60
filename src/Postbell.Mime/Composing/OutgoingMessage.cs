using System.Buffers;

namespace Postbell.Mime.Composing;

/// <summary>
/// A message to be written: header fields in the order given, then the body. Everything written has CRLF line ends and lines of at most
/// 78 characters where the content allows it, and is pure ASCII. Header values are safe whatever they hold: line breaks and control characters
/// become blanks, other characters are encoded (RFC 2047).
/// </summary>
public sealed class OutgoingMessage
{
    private readonly List<byte[]> _fields = [];
    private readonly string _boundarySeed;

    /// <summary>Creates an empty message.</summary>
    /// <param name="boundarySeed">
    /// Letters and digits that make the boundaries; the same seed gives the same bytes. Boundaries hold <c>=_</c>, which none of the body
    /// encodings can produce, so they are safe whatever the content.
    /// </param>
    /// <param name="body">The body.</param>
    public OutgoingMessage(string boundarySeed, OutgoingPart body)
    {
        _boundarySeed = boundarySeed;
        Body = body;
    }

    /// <summary>The body.</summary>
    public OutgoingPart Body { get; }

    /// <summary>Adds a field with free text, for instance a Subject.</summary>
    /// <exception cref="ArgumentException">The name is no field name.</exception>
    public OutgoingMessage AddText(string name, string text)
    {
        var line = new HeaderLine(name);
        line.AppendText(text);
        _fields.Add(line.ToBytes());
        return this;
    }

    /// <summary>Adds a field of addresses. Nothing is written for an empty list.</summary>
    public OutgoingMessage AddAddresses(string name, params IReadOnlyList<MimeAddress> addresses)
    {
        if (addresses.Count > 0)
        {
            var line = new HeaderLine(name);
            for (var i = 0; i < addresses.Count; i++)
            {
                line.AppendAddress(addresses[i], last: i == addresses.Count - 1);
            }

            _fields.Add(line.ToBytes());
        }

        return this;
    }

    /// <summary>Adds a field with a date in the form of RFC 5322, in the offset given.</summary>
    public OutgoingMessage AddDate(string name, DateTimeOffset date)
    {
        var line = new HeaderLine(name);
        line.AppendText(MailDate.Format(date));
        _fields.Add(line.ToBytes());
        return this;
    }

    /// <summary>The message as bytes.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        foreach (var field in _fields)
        {
            output.Write(field);
        }

        output.Write("MIME-Version: 1.0\r\n"u8);
        Body.Write(output, new BoundarySequence(_boundarySeed));
    }
}
