using System.Buffers.Text;

namespace Postbell.Smtp.Protocol;

/// <summary>BDAT (RFC 3030 section 2): so many bytes follow.</summary>
internal readonly record struct BdatRequest(long Length, bool IsLast)
{
    public static bool TryParse(ReadOnlySpan<byte> arguments, out BdatRequest request, out SmtpParseFailure failure)
    {
        request = default;
        var text = arguments.Trim((byte)' ');
        if (text.IsEmpty)
        {
            failure = SmtpParseFailure.ArgumentMissing;
            return false;
        }

        var space = text.IndexOf((byte)' ');
        var number = space < 0 ? text : text[..space];
        var word = space < 0 ? default : text[space..].TrimStart((byte)' ');
        var last = System.Text.Ascii.EqualsIgnoreCase(word, "LAST"u8);
        failure = !char.IsAsciiDigit((char)number[0]) || number.Length > 18 || !Utf8Parser.TryParse(number, out long length, out var used) || used != number.Length
            ? SmtpParseFailure.NumberInvalid
            : !last && !word.IsEmpty ? SmtpParseFailure.ArgumentInvalid
            : SmtpParseFailure.None;
        if (failure != SmtpParseFailure.None)
        {
            return false;
        }

        _ = Utf8Parser.TryParse(number, out length, out _);
        request = new BdatRequest(length, last);
        return true;
    }
}
