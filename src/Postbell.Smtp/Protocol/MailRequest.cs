using System.Buffers.Text;

namespace Postbell.Smtp.Protocol;

/// <summary>MAIL FROM with the parameters of SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), DSN (RFC 3461) and AUTH (RFC 4954).</summary>
internal sealed record MailRequest
{
    private const int MaxEnvelopeId = 100;
    private const int MaxAuth = 500;

    public MailPath Sender { get; private set; }

    /// <summary>Announced size in bytes; 0 when not said.</summary>
    public long Size { get; private set; }

    public bool EightBit { get; private set; }

    public bool Utf8 { get; private set; }

    public DsnReturn Return { get; private set; }

    public string? EnvelopeId { get; private set; }

    /// <summary>Reads what stands behind <c>MAIL</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> arguments, out MailRequest request, out SmtpParseFailure failure)
    {
        request = new MailRequest();
        if (!EnvelopeArgument.TryPath(arguments, "FROM:"u8, out var path, out var rest, out failure))
        {
            return false;
        }

        request.Sender = path;
        var reader = new ParameterReader(rest);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (failure == SmtpParseFailure.None && reader.Next())
        {
            failure = seen.Add(System.Text.Encoding.ASCII.GetString(reader.Keyword)) ? request.Take(reader) : SmtpParseFailure.ParameterRepeated;
        }

        failure = failure != SmtpParseFailure.None ? failure : reader.Failure;
        if (failure == SmtpParseFailure.None && !request.Utf8 && !path.IsAscii)
        {
            failure = SmtpParseFailure.Utf8NotAllowed;
        }

        return failure == SmtpParseFailure.None;
    }

    private SmtpParseFailure Take(in ParameterReader parameter)
    {
        var value = parameter.Value;
        if (parameter.Is("SIZE"u8))
        {
            Size = Utf8Parser.TryParse(value, out long size, out var used) && used == value.Length && value.Length <= 20 && size >= 0 ? size : -1;
            return Size >= 0 ? SmtpParseFailure.None : SmtpParseFailure.NumberInvalid;
        }

        if (parameter.Is("BODY"u8))
        {
            EightBit = Is(value, "8BITMIME"u8);
            return EightBit || Is(value, "7BIT"u8) ? SmtpParseFailure.None : SmtpParseFailure.ParameterInvalid;
        }

        if (parameter.Is("SMTPUTF8"u8))
        {
            Utf8 = true;
            return parameter.HasValue ? SmtpParseFailure.ParameterInvalid : SmtpParseFailure.None;
        }

        if (parameter.Is("RET"u8))
        {
            Return = Is(value, "FULL"u8) ? DsnReturn.Full : Is(value, "HDRS"u8) ? DsnReturn.Headers : DsnReturn.Unspecified;
            return Return == DsnReturn.Unspecified ? SmtpParseFailure.ParameterInvalid : SmtpParseFailure.None;
        }

        if (parameter.Is("ENVID"u8))
        {
            var good = XText.TryDecode(value, MaxEnvelopeId, out var id);
            EnvelopeId = id;
            return good ? SmtpParseFailure.None : SmtpParseFailure.ParameterInvalid;
        }

        // AUTH= names who first submitted it; nobody here trusts it, so it is read and forgotten (RFC 4954 section 5).
        return !parameter.Is("AUTH"u8) ? SmtpParseFailure.ParameterUnknown
            : Is(value, "<>"u8) || XText.TryDecode(value, MaxAuth, out _) ? SmtpParseFailure.None
            : SmtpParseFailure.ParameterInvalid;
    }

    private static bool Is(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(value, word);
}
