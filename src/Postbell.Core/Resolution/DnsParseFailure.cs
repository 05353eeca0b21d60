namespace Postbell.Core.Resolution;

/// <summary>Why bytes are no DNS answer.</summary>
internal enum DnsParseFailure
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>They end in the middle of something.</summary>
    CutShort,

    /// <summary>A query, or an operation other than a query.</summary>
    NotAnAnswer,

    /// <summary>Not exactly one question.</summary>
    QuestionCount,

    /// <summary>More records than are read.</summary>
    TooManyRecords,

    /// <summary>A compression pointer that does not point backward.</summary>
    BadPointer,

    /// <summary>A label of an unknown kind, or with bytes that no host name has.</summary>
    BadLabel,

    /// <summary>A name of more than 255 bytes.</summary>
    LongName,

    /// <summary>The data of a record does not fill its length.</summary>
    BadData,
}
