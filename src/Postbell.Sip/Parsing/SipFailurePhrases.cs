namespace Postbell.Sip.Parsing;

/// <summary>What a peer is told about a message that was refused: status code and a phrase that names the mistake.</summary>
internal static class SipFailurePhrases
{
    public static (int Status, string Reason) For(SipParseFailure failure) => failure switch
    {
        SipParseFailure.VersionUnsupported => (505, "Version Not Supported"),
        SipParseFailure.MessageTooLarge => (513, "Message Too Large"),
        SipParseFailure.BodyTooLarge => (513, "Body Too Large"),
        SipParseFailure.TooManyHeaders => (513, "Too Many Header Fields"),
        SipParseFailure.HeaderTooLong => (513, "Header Field Too Long"),
        SipParseFailure.TooManyVias => (513, "Too Many Via Values"),
        SipParseFailure.StartLineTooLong => (414, "Request-URI Too Long"),
        SipParseFailure.StartLineMalformed => (400, "Malformed Request Line"),
        SipParseFailure.MethodMalformed => (400, "Malformed Method"),
        SipParseFailure.RequestUriMalformed => (400, "Malformed Request-URI"),
        SipParseFailure.LineBreakMalformed => (400, "Lines Must End With CR LF"),
        SipParseFailure.ControlCharacter => (400, "Control Character In Header"),
        SipParseFailure.HeadersUnterminated => (400, "Missing Empty Line After Headers"),
        SipParseFailure.HeaderMalformed => (400, "Malformed Header Field"),
        SipParseFailure.HeaderRepeated => (400, "Repeated Header Field"),
        SipParseFailure.ViaMissing => (400, "Missing Via"),
        SipParseFailure.ViaMalformed => (400, "Malformed Via"),
        SipParseFailure.FromMissing => (400, "Missing From"),
        SipParseFailure.FromMalformed => (400, "Malformed From"),
        SipParseFailure.ToMissing => (400, "Missing To"),
        SipParseFailure.ToMalformed => (400, "Malformed To"),
        SipParseFailure.CallIdMissing => (400, "Missing Call-ID"),
        SipParseFailure.CallIdMalformed => (400, "Malformed Call-ID"),
        SipParseFailure.CSeqMissing => (400, "Missing CSeq"),
        SipParseFailure.CSeqMalformed => (400, "Malformed CSeq"),
        SipParseFailure.CSeqMethodMismatch => (400, "CSeq Method Does Not Match"),
        SipParseFailure.MaxForwardsMalformed => (400, "Malformed Max-Forwards"),
        SipParseFailure.ContactMalformed => (400, "Malformed Contact"),
        SipParseFailure.RouteMalformed => (400, "Malformed Route"),
        SipParseFailure.ContentLengthMalformed => (400, "Malformed Content-Length"),
        SipParseFailure.ContentLengthMissing => (400, "Missing Content-Length"),
        SipParseFailure.BodyTruncated => (400, "Body Shorter Than Content-Length"),
        _ => (400, "Bad Request"),
    };
}
