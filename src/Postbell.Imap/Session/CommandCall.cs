using Postbell.Imap.Protocol;

namespace Postbell.Imap.Session;

/// <summary>One command on its way to its handler.</summary>
/// <param name="Head">Tag, name and UID form.</param>
/// <param name="Text">All bytes of the command; valid until the handler reads from the connection.</param>
/// <param name="Limits">For the reader.</param>
/// <param name="Utf8Names">True when mailbox names come as UTF-8 (RFC 6855), not as modified UTF-7.</param>
internal sealed record CommandCall(CommandHead Head, CommandText Text, ImapLimits Limits, bool Utf8Names)
{
    public bool IsUid => Head.IsUid;

    /// <summary>A reader that stands behind the command's name.</summary>
    public CommandReader Arguments() => new(Text.Bytes.Span, Limits, Head.ArgumentsAt, Utf8Names);
}

/// <summary>What may be told to the client in answer to a command (RFC 3501 section 7.4.1 and RFC 2180).</summary>
internal enum Telling
{
    /// <summary>Nothing: the command ends the view of the folder, or made a new one.</summary>
    Nothing,

    /// <summary>New messages and flags, but no EXPUNGE: sequence numbers must not move under FETCH, STORE and SEARCH.</summary>
    NumbersStay,

    /// <summary>Everything.</summary>
    Everything,

    /// <summary>Everything, after asking the store even when no change was reported.</summary>
    LookAndTellEverything,
}

/// <summary>One row of the command table.</summary>
/// <param name="Name">In capitals.</param>
/// <param name="States">Where the command is allowed.</param>
/// <param name="HasUidForm">True when <c>UID name</c> exists.</param>
/// <param name="Telling">What its answer may tell besides; the UID form may always tell everything.</param>
/// <param name="RunAsync">What it does.</param>
internal sealed record CommandEntry(
    string Name,
    SessionState States,
    bool HasUidForm,
    Telling Telling,
    Func<ImapSession, CommandCall, CancellationToken, Task<CommandResult>> RunAsync);
