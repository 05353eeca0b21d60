using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>What a client still knows of a folder from an earlier visit (RFC 7162 section 3.2.5).</summary>
/// <param name="UidValidity">UIDVALIDITY of then; with another one what is known is worth nothing.</param>
/// <param name="ModSeq">The highest MODSEQ it has heard of.</param>
/// <param name="KnownUids">The messages it knows; null means all.</param>
internal sealed record KnownState(uint UidValidity, long ModSeq, SequenceSet? KnownUids);

/// <summary>The arguments of SELECT and EXAMINE (RFC 3501 section 6.3.1) with the parameters of RFC 4466 and RFC 7162.</summary>
/// <param name="Mailbox">The folder.</param>
/// <param name="CondStore">True when MODSEQ is asked for.</param>
/// <param name="Known">With QRESYNC: what to catch up from.</param>
internal sealed record SelectRequest(string Mailbox, bool CondStore, KnownState? Known)
{
    public static bool TryParse(ref CommandReader reader, out SelectRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.Mailbox(out var mailbox))
        {
            return false;
        }

        request = new SelectRequest(mailbox, CondStore: false, null);
        if (reader.TakeIf((byte)' ') && reader.NextIs((byte)'(') && !TryParameters(ref reader, ref request))
        {
            return false;
        }

        return reader.End();
    }

    private static bool TryParameters(ref CommandReader reader, ref SelectRequest request)
    {
        reader.TakeIf((byte)'(');
        do
        {
            if (!reader.Atom(out var word))
            {
                return false;
            }

            if (Ascii.EqualsIgnoreCase(word, "CONDSTORE"u8))
            {
                request = request with { CondStore = true };
            }
            else if (!Ascii.EqualsIgnoreCase(word, "QRESYNC"u8))
            {
                return reader.Fail(ParseFailure.SelectParameterUnknown);
            }
            else if (!reader.Space() || !TryKnown(ref reader, out var known))
            {
                return false;
            }
            else
            {
                request = request with { Known = known };
            }
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    /// <summary>
    /// <c>(uidvalidity modseq [known-uids] [(sequence-numbers uids)])</c>. The pairs at the end serve servers whose record of expunged
    /// messages has gaps; they are read and passed over.
    /// </summary>
    private static bool TryKnown(ref CommandReader reader, out KnownState known)
    {
        known = null!;
        if (!reader.Expect((byte)'(', ParseFailure.ListExpected)
            || !reader.NonZeroNumber(out var validity) || !reader.Space() || !reader.ModSequence(out var modSeq))
        {
            return false;
        }

        known = new KnownState(validity, modSeq, null);
        var more = reader.TakeIf((byte)' ');
        if (more && !reader.NextIs((byte)'('))
        {
            if (!TryUids(ref reader, out var uids))
            {
                return false;
            }

            known = known with { KnownUids = uids };
            more = reader.TakeIf((byte)' ');
        }

        if (more && !TryPairs(ref reader))
        {
            return false;
        }

        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }

    private static bool TryPairs(ref CommandReader reader) =>
        reader.Expect((byte)'(', ParseFailure.ListExpected) && TryUids(ref reader, out _) && reader.Space() && TryUids(ref reader, out _)
        && reader.Expect((byte)')', ParseFailure.ListUnterminated);

    /// <summary>known-uids: a set without <c>*</c>.</summary>
    private static bool TryUids(ref CommandReader reader, out SequenceSet uids) =>
        reader.SequenceSet(out uids) && (!uids.HasStar || reader.Fail(ParseFailure.SequenceSetExpected));
}
