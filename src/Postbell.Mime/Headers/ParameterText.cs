using System.Text;
using Postbell.Mime.Decoding;

namespace Postbell.Mime.Headers;

/// <summary>Decodes parameter values.</summary>
internal static class ParameterText
{
    /// <summary>The parameter's text: the RFC 2231 form before the plain one, encoded words (which many mailers write here) decoded.</summary>
    public static string? Find(IReadOnlyList<MimeParameter> parameters, string name)
    {
        string? plain = null;
        foreach (var parameter in parameters)
        {
            if (parameter.Name.Length == name.Length + 1 && parameter.Name[^1] == '*'
                && parameter.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return DecodeExtended(parameter.Value);
            }

            if (plain is null && parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                plain = EncodedWords.Decode(parameter.Value);
            }
        }

        return plain;
    }

    /// <summary><c>charset'language'percent-encoded</c>.</summary>
    private static string DecodeExtended(string value)
    {
        var first = value.IndexOf('\'', StringComparison.Ordinal);
        var second = first < 0 ? -1 : value.IndexOf('\'', first + 1);
        var text = Encoding.UTF8.GetBytes(second < 0 ? value : value[(second + 1)..]);
        var bytes = new byte[text.Length];
        var length = TransferDecoder.DecodeHexSigns(text, bytes, (byte)'%');
        return Charsets.Decode(bytes.AsSpan(0, length), second < 0 ? null : value[..first]);
    }
}
