namespace Postbell.Smtp.Protocol;

/// <summary>What a client is told of a line that was not understood: code, enhanced code (RFC 3463) and text.</summary>
internal static class SmtpParseFailureText
{
    public static Reply Describe(SmtpParseFailure failure) => failure switch
    {
        SmtpParseFailure.CommandUnknown => new(500, "5.5.2", "Command not known"),
        SmtpParseFailure.ControlCharacter => new(500, "5.5.2", "A control character in the command"),
        SmtpParseFailure.SpaceMissing => new(501, "5.5.4", "A space is missing"),
        SmtpParseFailure.KeywordMissing => new(501, "5.5.4", "FROM: or TO: is missing"),
        SmtpParseFailure.PathMissing => new(501, "5.5.4", "The address must stand between < and >"),
        SmtpParseFailure.PathUnclosed => new(501, "5.5.4", "The address is not closed by >"),
        SmtpParseFailure.LocalPartInvalid => new(553, "5.1.3", "What stands before @ is not valid"),
        SmtpParseFailure.LocalPartTooLong => new(553, "5.1.3", "What stands before @ is longer than 64 bytes"),
        SmtpParseFailure.DomainInvalid => new(553, "5.1.2", "What stands behind @ is not valid"),
        SmtpParseFailure.DomainTooLong => new(553, "5.1.2", "What stands behind @ is longer than 255 bytes"),
        SmtpParseFailure.NullPathNotAllowed => new(553, "5.1.3", "A recipient has an address"),
        SmtpParseFailure.Utf8NotAllowed => new(553, "5.6.7", "An address beyond ASCII needs SMTPUTF8"),
        SmtpParseFailure.Utf8Invalid => new(553, "5.6.7", "The address is not UTF-8"),
        SmtpParseFailure.ParameterUnknown => new(555, "5.5.4", "A parameter is not known"),
        SmtpParseFailure.ParameterRepeated => new(501, "5.5.4", "A parameter stands twice"),
        SmtpParseFailure.ParameterInvalid => new(501, "5.5.4", "The value of a parameter is not valid"),
        SmtpParseFailure.ArgumentMissing => new(501, "5.5.4", "Something is missing behind the command"),
        SmtpParseFailure.ArgumentNotAllowed => new(501, "5.5.4", "Nothing may stand behind the command"),
        SmtpParseFailure.NumberInvalid => new(501, "5.5.4", "A number is not valid"),
        _ => new(501, "5.5.4", "What stands behind the command is not valid"),
    };
}
