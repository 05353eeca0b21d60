namespace Postbell.Imap.Protocol;

/// <summary>One message of APPEND or REPLACE as it is announced: what stands before its bytes.</summary>
/// <param name="Flags">Its flags.</param>
/// <param name="Date">Its internal date; null is now.</param>
/// <param name="Message">The announcement of its bytes, which are not read yet.</param>
/// <param name="Binary">True for <c>~{n}</c>: its bytes may be any, also NUL (RFC 3516 section 4.4).</param>
/// <param name="Utf8">True for <c>UTF8 (~{n}...)</c>: its header has UTF-8 in it (RFC 6855 section 4), and a parenthesis follows the bytes.</param>
internal sealed record AppendMessage(IReadOnlyList<string> Flags, DateTimeOffset? Date, LiteralMark Message, bool Binary, bool Utf8)
{
    /// <summary>Reads <c>[(flags) ] ["date" ] {n}CRLF</c>; the text must end there.</summary>
    public static bool TryParse(ref CommandReader reader, out AppendMessage message)
    {
        message = null!;
        List<string> flags = [];
        if (reader.NextIs((byte)'(') && (!reader.FlagList(out flags) || !reader.Space()))
        {
            return false;
        }

        DateTimeOffset? date = null;
        if (reader.NextIs((byte)'"'))
        {
            if (!reader.DateTime(out var moment) || !reader.Space())
            {
                return false;
            }

            date = moment;
        }

        var utf8 = reader.TakeWord("UTF8"u8);
        if (utf8 && (!reader.Space() || !reader.Expect((byte)'(', ParseFailure.ListExpected) || !reader.Expect((byte)'~', ParseFailure.LiteralInvalid)))
        {
            return false;
        }

        var binary = !utf8 && reader.TakeIf((byte)'~');
        if (!reader.LiteralAnnouncement(out var mark))
        {
            return false;
        }

        message = new AppendMessage(flags, date, mark, binary, utf8);
        return true;
    }
}
