namespace Postbell.Mailbox;

/// <summary>What a session must know of every message in its folder.</summary>
/// <param name="Uid">UID.</param>
/// <param name="Flags">Flags.</param>
/// <param name="ModSeq">MODSEQ of the last change.</param>
public readonly record struct MessageRow(uint Uid, MessageFlags Flags, long ModSeq);

/// <summary>How flags are changed.</summary>
public enum FlagChange
{
    /// <summary><c>FLAGS</c>: the message has exactly the given flags afterwards.</summary>
    Replace,

    /// <summary><c>+FLAGS</c>.</summary>
    Add,

    /// <summary><c>-FLAGS</c>.</summary>
    Remove,
}

/// <summary>Outcome of a flag change.</summary>
/// <param name="Changed">Rows after the change, ascending UID, also those that already were as asked (their MODSEQ is unchanged).</param>
/// <param name="Modified">UIDs left alone because their MODSEQ was above <c>UNCHANGEDSINCE</c>.</param>
public sealed record FlagResult(IReadOnlyList<MessageRow> Changed, IReadOnlyList<uint> Modified);
