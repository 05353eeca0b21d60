namespace Postbell.Smtp.Protocol;

/// <summary>The common start of MAIL and RCPT arguments: <c>SP FROM:&lt;path&gt;</c>.</summary>
internal static class EnvelopeArgument
{
    public static bool TryPath(
        ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> keyword, out MailPath path, out ReadOnlySpan<byte> rest, out SmtpParseFailure failure)
    {
        path = MailPath.Null;
        rest = default;
        var text = arguments.TrimStart((byte)' ');
        if (text.Length < keyword.Length || !System.Text.Ascii.EqualsIgnoreCase(text[..keyword.Length], keyword))
        {
            failure = SmtpParseFailure.KeywordMissing;
            return false;
        }

        // A space before the path is not allowed, yet common.
        text = text[keyword.Length..].TrimStart((byte)' ');
        if (!PathParser.TryParse(text, out path, out var length, out failure))
        {
            return false;
        }

        rest = text[length..];
        return true;
    }
}
