using System.Text;
using Postbell.Mailbox;

namespace Postbell.Imap.Protocol;

/// <summary>How far below the entries named GETMETADATA looks.</summary>
internal enum MetadataDepth
{
    /// <summary>The entries themselves.</summary>
    Zero,

    /// <summary>And one level below.</summary>
    One,

    /// <summary>And everything below.</summary>
    Infinity,
}

/// <summary>Arguments of GETMETADATA (RFC 5464 section 4.2).</summary>
/// <param name="Mailbox">The mailbox; empty is the server.</param>
/// <param name="Entries">Names in small letters.</param>
/// <param name="MaxSize">Larger values are left out; null leaves out none.</param>
/// <param name="Depth">How far below.</param>
internal sealed record MetadataRequest(string Mailbox, IReadOnlyList<string> Entries, uint? MaxSize, MetadataDepth Depth)
{
    public static bool TryParse(ref CommandReader reader, out MetadataRequest request)
    {
        request = null!;
        uint? maxSize = null;
        var depth = MetadataDepth.Zero;
        if (!reader.Space() || (reader.NextIs((byte)'(') && !(Options(ref reader, ref maxSize, ref depth) && reader.Space()))
            || !reader.Mailbox(out var mailbox) || !reader.Space())
        {
            return false;
        }

        var entries = new List<string>();
        var list = reader.TakeIf((byte)'(');
        do
        {
            // Roots are names too here: everything below them can be asked for.
            if (entries.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!Entry(ref reader, asked: true, out var entry))
            {
                return false;
            }

            entries.Add(entry);
        }
        while (list && reader.TakeIf((byte)' '));

        if ((list && !reader.Expect((byte)')', ParseFailure.ListUnterminated)) || !reader.End())
        {
            return false;
        }

        request = new MetadataRequest(mailbox, entries, maxSize, depth);
        return true;
    }

    /// <summary>Reads the arguments of SETMETADATA (section 4.3): a mailbox, and entries with their values; NIL removes.</summary>
    public static bool TryParseSet(ref CommandReader reader, out string mailbox, out List<MetadataEntry> entries)
    {
        entries = [];
        if (!reader.Space() || !reader.Mailbox(out mailbox))
        {
            mailbox = "";
            return false;
        }

        if (!reader.Space() || !reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        do
        {
            if (entries.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            byte[]? value = null;
            if (!Entry(ref reader, asked: false, out var name) || !reader.Space() || (!reader.TakeWord("NIL"u8) && !reader.AnyBytes(out value)))
            {
                return false;
            }

            entries.Add(new MetadataEntry(name, value));
        }
        while (reader.TakeIf((byte)' '));

        return reader.Expect((byte)')', ParseFailure.ListUnterminated) && reader.End();
    }

    private static bool Options(ref CommandReader reader, ref uint? maxSize, ref MetadataDepth depth)
    {
        reader.TakeIf((byte)'(');
        do
        {
            if (reader.TakeWord("MAXSIZE"u8))
            {
                if (!reader.Space() || !reader.Number(out var size))
                {
                    return false;
                }

                maxSize = size;
            }
            else if (!reader.TakeWord("DEPTH"u8) || !reader.Space() || !ReadDepth(ref reader, ref depth))
            {
                return reader.Fail(ParseFailure.MetadataOptionUnknown);
            }
        }
        while (reader.TakeIf((byte)' '));

        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool ReadDepth(ref CommandReader reader, ref MetadataDepth depth)
    {
        foreach (var (word, meaning) in ((string, MetadataDepth)[])[("0", MetadataDepth.Zero), ("1", MetadataDepth.One), ("infinity", MetadataDepth.Infinity)])
        {
            if (reader.TakeWord(Encoding.ASCII.GetBytes(word)))
            {
                depth = meaning;
                return true;
            }
        }

        return false;
    }

    private static bool Entry(ref CommandReader reader, bool asked, out string name)
    {
        name = "";
        if (!reader.AString(out var bytes))
        {
            return false;
        }

        name = Encoding.Latin1.GetString(bytes).ToLowerInvariant();
        return MetadataEntry.IsName(name) || (asked && name is "/private" or "/shared") || reader.Fail(ParseFailure.MetadataEntryInvalid);
    }
}
