using System.Text;

namespace Postbell.Smtp.Protocol;

/// <summary>RCPT TO with the parameters of DSN (RFC 3461 sections 4.1 and 4.2).</summary>
internal sealed record RcptRequest
{
    private const int MaxOriginalRecipient = 500;

    public MailPath Recipient { get; private set; }

    public DsnNotify Notify { get; private set; }

    public string? OriginalRecipient { get; private set; }

    /// <summary>Reads what stands behind <c>RCPT</c>.</summary>
    /// <param name="arguments">Behind the verb.</param>
    /// <param name="utf8">True when MAIL said SMTPUTF8.</param>
    /// <param name="request">What was read.</param>
    /// <param name="failure">Why not.</param>
    public static bool TryParse(ReadOnlySpan<byte> arguments, bool utf8, out RcptRequest request, out SmtpParseFailure failure)
    {
        request = new RcptRequest();
        if (!EnvelopeArgument.TryPath(arguments, "TO:"u8, out var path, out var rest, out failure))
        {
            return false;
        }

        request.Recipient = path;
        failure = path.IsNull ? SmtpParseFailure.NullPathNotAllowed : !utf8 && !path.IsAscii ? SmtpParseFailure.Utf8NotAllowed : SmtpParseFailure.None;
        var reader = new ParameterReader(rest);
        while (failure == SmtpParseFailure.None && reader.Next())
        {
            failure = request.Take(reader);
        }

        failure = failure != SmtpParseFailure.None ? failure : reader.Failure;
        return failure == SmtpParseFailure.None;
    }

    private SmtpParseFailure Take(in ParameterReader parameter)
    {
        if (parameter.Is("NOTIFY"u8))
        {
            if (Notify != DsnNotify.Unspecified)
            {
                return SmtpParseFailure.ParameterRepeated;
            }

            Notify = NotifyOf(parameter.Value);
            return Notify == DsnNotify.Unspecified ? SmtpParseFailure.ParameterInvalid : SmtpParseFailure.None;
        }

        if (!parameter.Is("ORCPT"u8))
        {
            return SmtpParseFailure.ParameterUnknown;
        }

        if (OriginalRecipient is not null)
        {
            return SmtpParseFailure.ParameterRepeated;
        }

        var type = parameter.Value.IndexOf((byte)';');
        if (type <= 0 || !XText.TryDecode(parameter.Value[(type + 1)..], MaxOriginalRecipient, out var address) || address.Length == 0)
        {
            return SmtpParseFailure.ParameterInvalid;
        }

        OriginalRecipient = Encoding.ASCII.GetString(parameter.Value[..(type + 1)]) + address;
        return SmtpParseFailure.None;
    }

    private static DsnNotify NotifyOf(ReadOnlySpan<byte> value)
    {
        var all = DsnNotify.Unspecified;
        foreach (var range in value.Split((byte)','))
        {
            var word = value[range];
            var one = Is(word, "NEVER"u8) ? DsnNotify.Never
                : Is(word, "SUCCESS"u8) ? DsnNotify.Success
                : Is(word, "FAILURE"u8) ? DsnNotify.Failure
                : Is(word, "DELAY"u8) ? DsnNotify.Delay
                : DsnNotify.Unspecified;
            if (one == DsnNotify.Unspecified)
            {
                return DsnNotify.Unspecified;
            }

            all |= one;
        }

        return all.HasFlag(DsnNotify.Never) && all != DsnNotify.Never ? DsnNotify.Unspecified : all;
    }

    private static bool Is(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(value, word);
}
