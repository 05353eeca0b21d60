using Postbell.Sip.Parsing;

namespace Postbell.Sip.Messages;

/// <summary>The CSeq header: order of requests within a call (RFC 3261 section 20.16).</summary>
/// <param name="Number">Sequence number, below 2^31.</param>
/// <param name="Method">Method the number belongs to.</param>
public readonly record struct SipCSeq(uint Number, string Method)
{
    /// <summary>Reads the header value.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SipCSeq cseq)
    {
        cseq = default;
        text = text.Trim(" \t");
        var blank = text.IndexOfAny(' ', '\t');
        if (blank < 0 || !SipSyntax.TryNumber(text[..blank], int.MaxValue, out var number))
        {
            return false;
        }

        var method = text[blank..].TrimStart(" \t");
        if (!SipSyntax.IsToken(method))
        {
            return false;
        }

        cseq = new SipCSeq((uint)number, method.ToString());
        return true;
    }

    /// <summary>The wire form.</summary>
    public override string ToString() => $"{Number} {Method}";
}
