namespace Postbell.Sip.Parsing;

/// <summary>Every way a message can be refused by the parser.</summary>
public enum SipParseFailure
{
    /// <summary>Well-formed.</summary>
    None,

    /// <summary>No bytes but line breaks.</summary>
    Empty,

    /// <summary>Larger than <see cref="SipLimits.MessageBytes"/>.</summary>
    MessageTooLarge,

    /// <summary>The first line is longer than <see cref="SipLimits.StartLineBytes"/>.</summary>
    StartLineTooLong,

    /// <summary>The first line is neither a request line nor a status line.</summary>
    StartLineMalformed,

    /// <summary>The method is not a token.</summary>
    MethodMalformed,

    /// <summary>The Request-URI is not a URI, for instance in angle brackets or with blanks.</summary>
    RequestUriMalformed,

    /// <summary>Another version than SIP/2.0.</summary>
    VersionUnsupported,

    /// <summary>The status code is not between 100 and 699.</summary>
    StatusCodeMalformed,

    /// <summary>A line ends without CR LF, or CR or LF stands alone.</summary>
    LineBreakMalformed,

    /// <summary>A control character outside of a quoted pair.</summary>
    ControlCharacter,

    /// <summary>The empty line after the headers is missing.</summary>
    HeadersUnterminated,

    /// <summary>A header line without colon or with a bad name.</summary>
    HeaderMalformed,

    /// <summary>More than <see cref="SipLimits.HeaderLines"/>.</summary>
    TooManyHeaders,

    /// <summary>A header longer than <see cref="SipLimits.HeaderBytes"/>.</summary>
    HeaderTooLong,

    /// <summary>A header that may appear once appears again.</summary>
    HeaderRepeated,

    /// <summary>No Via.</summary>
    ViaMissing,

    /// <summary>A Via that cannot be read.</summary>
    ViaMalformed,

    /// <summary>More than <see cref="SipLimits.Vias"/>.</summary>
    TooManyVias,

    /// <summary>No From.</summary>
    FromMissing,

    /// <summary>A From that cannot be read.</summary>
    FromMalformed,

    /// <summary>No To.</summary>
    ToMissing,

    /// <summary>A To that cannot be read.</summary>
    ToMalformed,

    /// <summary>No Call-ID.</summary>
    CallIdMissing,

    /// <summary>A Call-ID with characters outside of its grammar.</summary>
    CallIdMalformed,

    /// <summary>No CSeq.</summary>
    CSeqMissing,

    /// <summary>A CSeq that cannot be read or whose number is 2^31 or more.</summary>
    CSeqMalformed,

    /// <summary>The CSeq method is not the method of the request.</summary>
    CSeqMethodMismatch,

    /// <summary>Max-Forwards is not a number from 0 to 255.</summary>
    MaxForwardsMalformed,

    /// <summary>A Contact that cannot be read.</summary>
    ContactMalformed,

    /// <summary>A Record-Route or Route that cannot be read.</summary>
    RouteMalformed,

    /// <summary>Content-Length is not a number.</summary>
    ContentLengthMalformed,

    /// <summary>No Content-Length on a stream.</summary>
    ContentLengthMissing,

    /// <summary>Fewer bytes came than Content-Length says.</summary>
    BodyTruncated,

    /// <summary>Body larger than <see cref="SipLimits.BodyBytes"/>.</summary>
    BodyTooLarge,
}
