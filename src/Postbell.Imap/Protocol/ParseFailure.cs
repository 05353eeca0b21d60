namespace Postbell.Imap.Protocol;

/// <summary>Why a command was not understood. Each reason has its text in <see cref="ParseFailureText"/>.</summary>
public enum ParseFailure
{
    /// <summary>No failure.</summary>
    None,

    /// <summary>A command starts with a tag.</summary>
    TagMissing,

    /// <summary>A command name is missing after the tag.</summary>
    CommandMissing,

    /// <summary>Unknown command.</summary>
    CommandUnknown,

    /// <summary>Command too long.</summary>
    CommandTooLong,

    /// <summary>Line too long.</summary>
    LineTooLong,

    /// <summary>The command ends too early.</summary>
    UnexpectedEnd,

    /// <summary>Unexpected characters after the command.</summary>
    TrailingCharacters,

    /// <summary>A space is missing.</summary>
    SpaceExpected,

    /// <summary>A name is missing or has a character that needs quotes.</summary>
    AtomExpected,

    /// <summary>A string is missing or has a character that needs quotes.</summary>
    StringExpected,

    /// <summary>A quoted string has no end.</summary>
    QuotedUnterminated,

    /// <summary>A quoted string has a character that needs a literal.</summary>
    QuotedCharacterInvalid,

    /// <summary>A literal is malformed.</summary>
    LiteralInvalid,

    /// <summary>A literal is shorter than announced.</summary>
    LiteralTruncated,

    /// <summary>A literal has a NUL character.</summary>
    LiteralHasNul,

    /// <summary>A number is missing.</summary>
    NumberExpected,

    /// <summary>A number is too large.</summary>
    NumberTooLarge,

    /// <summary>Zero is not allowed here.</summary>
    NumberZero,

    /// <summary>A parenthesised list is missing.</summary>
    ListExpected,

    /// <summary>A parenthesised list has no end.</summary>
    ListUnterminated,

    /// <summary>A list has too many entries.</summary>
    ListTooLong,

    /// <summary>Parentheses are nested too deep.</summary>
    TooDeep,

    /// <summary>The mailbox name is neither modified UTF-7 nor UTF-8.</summary>
    MailboxNameInvalid,

    /// <summary>The mailbox name is too long.</summary>
    MailboxNameTooLong,

    /// <summary>A sequence set is missing or malformed.</summary>
    SequenceSetExpected,

    /// <summary>The sequence set has too many ranges.</summary>
    SequenceSetTooLong,

    /// <summary>There is no message with such a sequence number.</summary>
    SequenceNumberTooLarge,

    /// <summary>A flag is missing or malformed.</summary>
    FlagExpected,

    /// <summary>This flag cannot be set by a client.</summary>
    FlagNotSettable,

    /// <summary>A date is missing or malformed.</summary>
    DateExpected,

    /// <summary>Unknown FETCH item.</summary>
    FetchItemUnknown,

    /// <summary>The section of BODY[...] is malformed.</summary>
    SectionInvalid,

    /// <summary>The partial range is malformed.</summary>
    PartialInvalid,

    /// <summary>FLAGS, +FLAGS or -FLAGS is wanted.</summary>
    StoreItemUnknown,

    /// <summary>Unknown STATUS item.</summary>
    StatusItemUnknown,

    /// <summary>Unknown LIST option.</summary>
    ListOptionUnknown,

    /// <summary>RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it.</summary>
    ListOptionAlone,

    /// <summary>Unknown CREATE parameter.</summary>
    CreateOptionUnknown,

    /// <summary>Unknown SEARCH key.</summary>
    SearchKeyUnknown,

    /// <summary>Unknown RETURN option of SEARCH or SORT.</summary>
    SearchReturnUnknown,

    /// <summary>RELEVANCY needs FUZZY among the search keys.</summary>
    RelevancyAlone,

    /// <summary>Unknown SORT key.</summary>
    SortKeyUnknown,

    /// <summary>Unknown THREAD algorithm.</summary>
    ThreadAlgorithmUnknown,

    /// <summary>The character set is not supported.</summary>
    CharsetUnknown,

    /// <summary>The search text is not valid in its character set.</summary>
    TextInvalidInCharset,

    /// <summary>Unknown parameter of SELECT or EXAMINE.</summary>
    SelectParameterUnknown,

    /// <summary>Unknown modifier of FETCH or STORE.</summary>
    ModifierUnknown,

    /// <summary>NOTIFY wants NONE, or SET with groups of mailboxes and events.</summary>
    NotifyInvalid,

    /// <summary>New and gone messages can be told only together, changed flags only with them.</summary>
    NotifyEventsUnsound,

    /// <summary>One message is wanted, not a set.</summary>
    OneMessageExpected,

    /// <summary>Invalid base64.</summary>
    Base64Invalid,

    /// <summary>No name of a note about a mailbox (RFC 5464).</summary>
    MetadataEntryInvalid,

    /// <summary>An option of GETMETADATA that is none.</summary>
    MetadataOptionUnknown,

    /// <summary>A letter that stands for no right (RFC 4314).</summary>
    RightUnknown,
}
