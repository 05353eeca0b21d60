using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>What a FETCH item asks for.</summary>
internal enum FetchKind
{
    Uid,
    Flags,
    InternalDate,
    Size,
    Envelope,
    Body,
    BodyStructure,
    Section,
    ModSeq,

    /// <summary>A part with its transfer encoding undone (RFC 3516).</summary>
    Binary,

    /// <summary>The length of such a part.</summary>
    BinarySize,

    /// <summary>First words (RFC 8970), made where they are not known yet.</summary>
    Preview,

    /// <summary>First words where they are known.</summary>
    LazyPreview,

    /// <summary>When the message came into the folder (RFC 8514).</summary>
    SaveDate,

    /// <summary>RFC 8474.</summary>
    EmailId,

    /// <summary>RFC 8474.</summary>
    ThreadId,
}

/// <summary>One item of FETCH.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Section">For <see cref="FetchKind.Section"/>, <see cref="FetchKind.Binary"/> and <see cref="FetchKind.BinarySize"/>: which bytes.</param>
/// <param name="Partial">Which range of them, null for all.</param>
/// <param name="Peek">True when reading does not set <c>\Seen</c>.</param>
/// <param name="Name">How the answer names the item: RFC822.TEXT is answered as that, not as BODY[TEXT].</param>
internal sealed record FetchItem(FetchKind Kind, SectionSpec? Section, PartialRange? Partial, bool Peek, string Name)
{
    public FetchItem(FetchKind kind, string name)
        : this(kind, null, null, Peek: true, name)
    {
    }
}

/// <summary>The arguments of FETCH and UID FETCH (RFC 3501 section 6.4.5) with the modifiers of RFC 7162.</summary>
/// <param name="Messages">Which messages.</param>
/// <param name="Items">What of them.</param>
/// <param name="ChangedSince">Only those with a higher MODSEQ; null for all.</param>
/// <param name="Vanished">True when the expunged ones of the set are asked for too.</param>
/// <param name="Partial">Which of the messages, when the set may hold very many (RFC 9394 section 3.2); null for all.</param>
internal sealed record FetchRequest(SequenceSet Messages, IReadOnlyList<FetchItem> Items, long? ChangedSince = null, bool Vanished = false, ResultRange? Partial = null)
{
    private static readonly FetchItem Flags = new(FetchKind.Flags, "FLAGS");
    private static readonly FetchItem InternalDate = new(FetchKind.InternalDate, "INTERNALDATE");
    private static readonly FetchItem Size = new(FetchKind.Size, "RFC822.SIZE");
    private static readonly FetchItem Envelope = new(FetchKind.Envelope, "ENVELOPE");
    private static readonly FetchItem Body = new(FetchKind.Body, "BODY");
    private static readonly FetchItem Uid = new(FetchKind.Uid, "UID");

    /// <summary>True when the answer sets <c>\Seen</c>.</summary>
    public bool SetsSeen => Items.Any(i => !i.Peek);

    public static bool TryParse(ref CommandReader reader, out FetchRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.SequenceSet(out var messages) || !reader.Space() || !TryItems(ref reader, out var items))
        {
            return false;
        }

        request = new FetchRequest(messages, items);
        if (reader.TakeIf((byte)' ') && reader.NextIs((byte)'(') && !TryModifiers(ref reader, ref request))
        {
            return false;
        }

        return reader.End();
    }

    private static bool TryModifiers(ref CommandReader reader, ref FetchRequest request)
    {
        reader.TakeIf((byte)'(');
        do
        {
            if (reader.TakeWord("CHANGEDSINCE"u8))
            {
                if (!reader.Space() || !reader.ModSequence(out var since))
                {
                    return false;
                }

                request = request with { ChangedSince = since };
            }
            else if (reader.TakeWord("VANISHED"u8))
            {
                request = request with { Vanished = true };
            }
            else if (reader.TakeWord("PARTIAL"u8))
            {
                if (!reader.Space() || !ResultRange.TryParse(ref reader, out var range))
                {
                    return false;
                }

                request = request with { Partial = range };
            }
            else
            {
                return reader.Fail(ParseFailure.ModifierUnknown);
            }
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    /// <summary>Reads one item, or several in parentheses.</summary>
    public static bool TryItems(ref CommandReader reader, out List<FetchItem> items)
    {
        items = [];
        if (reader.TakeWord("ALL"u8))
        {
            items.AddRange([Flags, InternalDate, Size, Envelope]);
            return true;
        }

        if (reader.TakeWord("FAST"u8))
        {
            items.AddRange([Flags, InternalDate, Size]);
            return true;
        }

        if (reader.TakeWord("FULL"u8))
        {
            items.AddRange([Flags, InternalDate, Size, Envelope, Body]);
            return true;
        }

        if (!reader.TakeIf((byte)'('))
        {
            return TryItem(ref reader, items);
        }

        do
        {
            if (items.Count >= reader.Limits.ListEntries)
            {
                return reader.Fail(ParseFailure.ListTooLong);
            }

            if (!TryItem(ref reader, items))
            {
                return false;
            }
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryItem(ref CommandReader reader, List<FetchItem> items)
    {
        if (reader.AtEnd)
        {
            return reader.Fail(ParseFailure.UnexpectedEnd);
        }

        if (!reader.ItemName(out var word))
        {
            return reader.Fail(ParseFailure.FetchItemUnknown);
        }

        var name = Encoding.ASCII.GetString(word).ToUpperInvariant();
        if (name is "BODY" or "BODY.PEEK" && reader.NextIs((byte)'['))
        {
            return TrySection(ref reader, peek: name == "BODY.PEEK", items);
        }

        if (name is "BINARY" or "BINARY.PEEK" or "BINARY.SIZE")
        {
            return TryBinary(ref reader, name, items);
        }

        FetchItem? item = name switch
        {
            "UID" => Uid,
            "FLAGS" => Flags,
            "INTERNALDATE" => InternalDate,
            "RFC822.SIZE" => Size,
            "ENVELOPE" => Envelope,
            "BODY" => Body,
            "MODSEQ" => new FetchItem(FetchKind.ModSeq, name),
            "PREVIEW" => new FetchItem(reader.TakeText(" (LAZY)"u8) ? FetchKind.LazyPreview : FetchKind.Preview, name),
            "SAVEDATE" => new FetchItem(FetchKind.SaveDate, name),
            "EMAILID" => new FetchItem(FetchKind.EmailId, name),
            "THREADID" => new FetchItem(FetchKind.ThreadId, name),
            "BODYSTRUCTURE" => new FetchItem(FetchKind.BodyStructure, name),
            "RFC822" => new FetchItem(FetchKind.Section, SectionSpec.Everything, null, Peek: false, name),
            "RFC822.HEADER" => new FetchItem(FetchKind.Section, new SectionSpec([], SectionText.Header, []), null, Peek: true, name),
            "RFC822.TEXT" => new FetchItem(FetchKind.Section, new SectionSpec([], SectionText.Text, []), null, Peek: false, name),
            _ => null,
        };
        if (item is null)
        {
            return reader.Fail(ParseFailure.FetchItemUnknown);
        }

        items.Add(item);
        return true;
    }

    private static bool TrySection(ref CommandReader reader, bool peek, List<FetchItem> items)
    {
        if (!SectionParser.TryParse(ref reader, out var section))
        {
            return false;
        }

        if (!TryPartial(ref reader, out var partial))
        {
            return false;
        }

        var name = partial is { } range ? $"BODY[{section}]<{range.Offset}>" : $"BODY[{section}]";
        items.Add(new FetchItem(FetchKind.Section, section, partial, peek, name));
        return true;
    }

    /// <summary><c>BINARY[1.2]&lt;0.100&gt;</c>, its PEEK and SIZE forms (RFC 3516 section 7): a part by its numbers alone.</summary>
    private static bool TryBinary(ref CommandReader reader, string name, List<FetchItem> items)
    {
        PartialRange? partial = null;
        if (!SectionParser.TryParse(ref reader, out var section))
        {
            return false;
        }

        if (section.Text != SectionText.Whole)
        {
            return reader.Fail(ParseFailure.SectionInvalid);
        }

        var size = name == "BINARY.SIZE";
        if (!size && !TryPartial(ref reader, out partial))
        {
            return false;
        }

        var told = size ? $"BINARY.SIZE[{section}]" : partial is { } range ? $"BINARY[{section}]<{range.Offset}>" : $"BINARY[{section}]";
        items.Add(new FetchItem(size ? FetchKind.BinarySize : FetchKind.Binary, section, partial, Peek: name != "BINARY", told));
        return true;
    }

    private static bool TryPartial(ref CommandReader reader, out PartialRange? partial)
    {
        partial = null;
        if (!reader.TakeIf((byte)'<'))
        {
            return true;
        }

        if (!reader.Number64(out var offset) || !reader.TakeIf((byte)'.') || !reader.Number64(out var length)
            || (length == 0 && !reader.Fail(ParseFailure.NumberZero)) || !reader.TakeIf((byte)'>'))
        {
            return reader.Fail(ParseFailure.PartialInvalid);
        }

        partial = new PartialRange(offset, length);
        return true;
    }
}
