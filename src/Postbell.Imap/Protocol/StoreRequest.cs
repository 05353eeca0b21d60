using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>How STORE changes the flags.</summary>
internal enum StoreMode
{
    Replace,
    Add,
    Remove,
}

/// <summary>The arguments of STORE and UID STORE (RFC 3501 section 6.4.6).</summary>
internal sealed record StoreRequest(SequenceSet Messages, StoreMode Mode, bool Silent, IReadOnlyList<string> Flags)
{
    public static bool TryParse(ref CommandReader reader, out StoreRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.SequenceSet(out var messages) || !reader.Space())
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

        request = new StoreRequest(messages, mode, silent, flags);
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
