namespace Postbell.Smtp.Protocol;

/// <summary>Steps through <c>SP keyword[=value]</c> behind a path (RFC 5321 section 4.1.2, esmtp-param).</summary>
internal ref struct ParameterReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public ReadOnlySpan<byte> Keyword { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool HasValue { get; private set; }

    public SmtpParseFailure Failure { get; private set; }

    /// <summary>Goes to the next one; false at the end or after a failure.</summary>
    public bool Next()
    {
        var trimmed = _rest.TrimStart((byte)' ');
        if (trimmed.IsEmpty)
        {
            return false;
        }

        if (trimmed.Length == _rest.Length)
        {
            Failure = SmtpParseFailure.SpaceMissing;
            return false;
        }

        var end = trimmed.IndexOf((byte)' ');
        var item = end < 0 ? trimmed : trimmed[..end];
        _rest = end < 0 ? [] : trimmed[end..];
        var equals = item.IndexOf((byte)'=');
        HasValue = equals >= 0;
        Keyword = HasValue ? item[..equals] : item;
        Value = HasValue ? item[(equals + 1)..] : [];
        foreach (var b in Keyword)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b != '-')
            {
                Failure = SmtpParseFailure.ParameterUnknown;
                return false;
            }
        }

        if (Keyword.IsEmpty || HasValue && Value.IsEmpty)
        {
            Failure = SmtpParseFailure.ParameterInvalid;
            return false;
        }

        return true;
    }

    public readonly bool Is(ReadOnlySpan<byte> keyword) => System.Text.Ascii.EqualsIgnoreCase(Keyword, keyword);
}
