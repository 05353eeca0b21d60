namespace Postbell.Sip.Authentication;

/// <summary>Why a header value is no digest challenge or answer.</summary>
internal enum DigestParseFailure
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Another scheme.</summary>
    OtherScheme,

    /// <summary>Longer than any real one.</summary>
    TooLong,

    /// <summary>More parameters than there are.</summary>
    TooMany,

    /// <summary>Not "name=value" with commas between.</summary>
    Syntax,

    /// <summary>A parameter is there twice.</summary>
    Repeated,

    /// <summary>A control character within a value.</summary>
    ControlCharacter,
}
