using System.Text;

namespace Postbell.Interop.Tests.Phone;

/// <summary>A SIP message as the test phone reads it: start line, headers in order, body.</summary>
public sealed record SipText(string StartLine, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public bool IsResponse => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal);

    public int Status => int.Parse(StartLine.AsSpan(8, 3));

    public string Method => StartLine[..StartLine.IndexOf(' ')];

    public string CallId => Required("Call-ID");

    public string SequenceMethod => Required("CSeq").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

    /// <summary>False for what is no message: keep-alives, and what strays to the port of a telephone that has gone.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> datagram) => datagram.IndexOf("\r\n\r\n"u8) > 0 && datagram.IndexOf("SIP/2.0"u8) >= 0;

    public static SipText Parse(byte[] datagram, int length)
    {
        var text = Encoding.UTF8.GetString(datagram, 0, length);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(l => (l[..l.IndexOf(':')].Trim(), l[(l.IndexOf(':') + 1)..].Trim())).ToArray();
        return new SipText(lines[0], headers, text[(end + 4)..]);
    }

    public string? Header(string name) => Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();

    public string Required(string name) => Header(name) ?? throw new FormatException($"no {name} in:\n{StartLine}");

    /// <summary>The headers a response must copy from its request.</summary>
    public string AnswerWith(int status, string reason, string tag, string extra = "")
    {
        var answer = new StringBuilder($"SIP/2.0 {status} {reason}\r\n");
        foreach (var (name, value) in Headers.Where(h => h.Name.ToUpperInvariant() is "VIA" or "FROM" or "CALL-ID" or "CSEQ"))
        {
            answer.Append($"{name}: {value}\r\n");
        }

        var to = Required("To");
        answer.Append($"To: {(to.Contains(";tag=", StringComparison.Ordinal) ? to : $"{to};tag={tag}")}\r\n{extra}Content-Length: 0\r\n\r\n");
        return answer.ToString();
    }
}
