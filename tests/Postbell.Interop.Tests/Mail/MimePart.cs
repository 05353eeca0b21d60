using System.Text;
using System.Text.RegularExpressions;

namespace Postbell.Interop.Tests.Mail;

/// <summary>A MIME entity read strictly, by other code than the one that composed it.</summary>
public sealed partial class MimePart
{
    private readonly List<(string Name, string Value)> _headers = [];
    private readonly List<MimePart> _children = [];
    private byte[] _body = [];

    public string MediaType { get; private set; } = "text/plain";

    public IEnumerable<MimePart> All => _children.SelectMany(c => c.All).Prepend(this);

    /// <summary>The body with its transfer encoding undone.</summary>
    public byte[] Content => (Header("Content-Transfer-Encoding") ?? "7bit").ToLowerInvariant() switch
    {
        "base64" => Convert.FromBase64String(Encoding.ASCII.GetString(_body)),
        "quoted-printable" => Unquote(_body),
        _ => _body,
    };

    /// <summary>The value of a header, unfolded; null when it is not there.</summary>
    public string? Header(string name) => _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();

    public static MimePart Parse(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            {
                throw new FormatException($"a bare line feed at byte {i}");
            }
        }

        return ParseEntity(bytes);
    }

    [GeneratedRegex("boundary=(?<name>\"[^\"]+\"|[^; ]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Boundary();

    private static MimePart ParseEntity(ReadOnlySpan<byte> bytes)
    {
        var part = new MimePart();
        var split = bytes.IndexOf("\r\n\r\n"u8);
        var head = Encoding.UTF8.GetString(split < 0 ? bytes : bytes[..split]);
        part._body = split < 0 ? [] : bytes[(split + 4)..].ToArray();
        foreach (var line in head.Replace("\r\n ", " ").Replace("\r\n\t", " ").Split("\r\n"))
        {
            var colon = line.IndexOf(':');
            if (colon > 0)
            {
                part._headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }
        }

        var type = part.Header("Content-Type") ?? "text/plain";
        part.MediaType = type.Split(';')[0].Trim().ToLowerInvariant();
        if (part.MediaType.StartsWith("multipart/", StringComparison.Ordinal))
        {
            part.ReadChildren(Boundary().Match(type).Groups["name"].Value.Trim('"'));
        }

        return part;
    }

    private void ReadChildren(string boundary)
    {
        // Latin-1 keeps every byte as it is.
        var text = "\r\n" + Encoding.Latin1.GetString(_body);
        var pieces = text.Split($"\r\n--{boundary}");
        foreach (var piece in pieces.Skip(1).TakeWhile(p => !p.StartsWith("--", StringComparison.Ordinal)))
        {
            var start = piece.IndexOf("\r\n", StringComparison.Ordinal) + 2;
            _children.Add(ParseEntity(Encoding.Latin1.GetBytes(piece[start..])));
        }

        pieces[^1].ShouldStartWith("--", Case.Sensitive, "the closing boundary");
    }

    private static byte[] Unquote(byte[] body)
    {
        var text = Encoding.ASCII.GetString(body).Replace("=\r\n", "");
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return [.. bytes];
    }
}
