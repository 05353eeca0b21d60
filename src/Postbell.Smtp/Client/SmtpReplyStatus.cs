namespace Postbell.Smtp.Client;

/// <summary>What the bytes at the front of the input are.</summary>
public enum SmtpReplyStatus
{
    /// <summary>A whole reply.</summary>
    Complete,

    /// <summary>The beginning of a reply.</summary>
    Incomplete,

    /// <summary>A line does not begin with three digits of which the first is 2 to 5.</summary>
    NoCode,

    /// <summary>The code is followed by something else than a blank, a hyphen or the end of the line.</summary>
    NoSeparator,

    /// <summary>The lines of one reply have different codes.</summary>
    CodesDiffer,

    /// <summary>A line ends with CR or LF alone.</summary>
    BareLineEnd,

    /// <summary>A line is longer than <see cref="SmtpReplyParser.MaxLine"/>.</summary>
    LineTooLong,

    /// <summary>There are more than <see cref="SmtpReplyParser.MaxLines"/> lines.</summary>
    TooManyLines,
}
