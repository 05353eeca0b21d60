using Postbell.Imap.Protocol;

namespace Postbell.Imap.Session;

/// <summary>How a command ended: what its tagged answer says.</summary>
/// <param name="Outcome">OK, NO or BAD.</param>
/// <param name="Code">Response code without brackets (RFC 3501 7.1, RFC 5530), or null.</param>
/// <param name="Text">For people.</param>
/// <param name="ThenTls">True when a TLS handshake follows the answer.</param>
/// <param name="ThenDeflate">True when what follows the answer is compressed, both ways.</param>
/// <param name="Expunged">True when messages went: with QRESYNC the answer names the MODSEQ the client is at (RFC 7162 section 3.2.7).</param>
internal readonly record struct CommandResult(ImapOutcome Outcome, string? Code, string Text, bool ThenTls = false, bool Expunged = false, bool ThenDeflate = false)
{
    public static CommandResult Ok(string text, string? code = null, bool thenTls = false) => new(ImapOutcome.Ok, code, text, thenTls);

    public static CommandResult No(string? code, string text) => new(ImapOutcome.No, code, text);

    public static CommandResult Bad(string text, string? code = null) => new(ImapOutcome.Bad, code, text);

    /// <summary>What was not understood and where, counted in bytes from the start of the command.</summary>
    public static CommandResult Bad(in CommandReader reader) => reader.Failure switch
    {
        ParseFailure.CharsetUnknown => No("BADCHARSET (US-ASCII UTF-8 ISO-8859-1)", ParseFailureText.Describe(reader.Failure)),
        ParseFailure.ListTooLong or ParseFailure.TooDeep or ParseFailure.SequenceSetTooLong or ParseFailure.MailboxNameTooLong =>
            No("LIMIT", ParseFailureText.Describe(reader.Failure)),
        ParseFailure.MailboxNameInvalid => No("CANNOT", ParseFailureText.Describe(reader.Failure)),
        _ => Bad($"{ParseFailureText.Describe(reader.Failure)} (at byte {reader.Position + 1})"),
    };
}
