namespace Postbell.Smtp.Protocol;

/// <summary>Why a command line was not understood.</summary>
internal enum SmtpParseFailure
{
    None,
    CommandUnknown,
    ControlCharacter,
    SpaceMissing,
    KeywordMissing,
    PathMissing,
    PathUnclosed,
    LocalPartInvalid,
    LocalPartTooLong,
    DomainInvalid,
    DomainTooLong,
    NullPathNotAllowed,
    Utf8NotAllowed,
    Utf8Invalid,
    ParameterUnknown,
    ParameterRepeated,
    ParameterInvalid,
    ArgumentMissing,
    ArgumentNotAllowed,
    ArgumentInvalid,
    NumberInvalid,
}
