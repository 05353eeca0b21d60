using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>How STORE changes the flags.</summary>
internal enum StoreMode
{
    Replace,
    Add,
    Remove,
}

/// <summary>The arguments of STORE and UID STORE (RFC 3501 section 6.4.6) with the modifier of RFC 7162.</summary>
/// <param name="Messages">Which messages.</param>
/// <param name="Mode">How the flags change.</param>
/// <param name="Silent">True when the client does not want to hear what it knows.</param>
/// <param name="Flags">The flags.</param>
/// <param name="UnchangedSince">Messages with a higher MODSEQ are left alone; null for none.</param>
internal sealed record StoreRequest(
    SequenceSet Messages, StoreMode Mode, bool Silent, IReadOnlyList<string> Flags, long? UnchangedSince = null)
{
    public static bool TryParse(ref CommandReader reader, out StoreRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.SequenceSet(out var messages) || !reader.Space())
        {
            return false;
        }

        long? since = null;
        if (reader.NextIs((byte)'(') && !TryModifier(ref reader, out since))
        {
            return false;
        }

        var mode = reader.TakeIf((byte)'+') ? StoreMode.Add : reader.TakeIf((byte)'-') ? StoreMode.Remove : StoreMode.Replace;
        if (!reader.ItemName(out var word))
        {
            return reader.Fail(ParseFailure.StoreItemUnknown);
        }

        var name = Encoding.ASCII.GetString(word);
        var silent = name.Equals("FLAGS.SILENT", StringComparison.OrdinalIgnoreCase);
        if (!silent && !name.Equals("FLAGS", StringComparison.OrdinalIgnoreCase))
        {
            return reader.Fail(ParseFailure.StoreItemUnknown);
        }

        if (!reader.Space() || !TryFlags(ref reader, out var flags) || !reader.End())
        {
            return false;
        }

        request = new StoreRequest(messages, mode, silent, flags, since);
        return true;
    }

    private static bool TryModifier(ref CommandReader reader, out long? since)
    {
        since = null;
        reader.TakeIf((byte)'(');
        if (!reader.TakeWord("UNCHANGEDSINCE"u8))
        {
            return reader.Fail(ParseFailure.ModifierUnknown);
        }

        if (!reader.Space() || !reader.ModSequence(out var modSeq) || !reader.Expect((byte)')', ParseFailure.ListUnterminated) || !reader.Space())
        {
            return false;
        }

        since = modSeq;
        return true;
    }

    /// <summary>A list in parentheses, or flags with spaces between them (RFC 3501 store-att-flags).</summary>
    private static bool TryFlags(ref CommandReader reader, out List<string> flags)
    {
        if (reader.NextIs((byte)'('))
        {
            return reader.FlagList(out flags);
        }

        flags = [];
        do
        {
            if (!reader.Flag(flags))
            {
                return false;
            }
        }
        while (reader.TakeIf((byte)' '));
        return true;
    }
}
