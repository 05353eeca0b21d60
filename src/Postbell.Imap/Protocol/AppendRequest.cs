namespace Postbell.Imap.Protocol;

/// <summary>The arguments of APPEND up to and with the announcement of the message (RFC 3501 section 6.3.11).</summary>
/// <param name="Mailbox">Where the message goes.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Date">Its internal date; null is now.</param>
/// <param name="Message">The announcement of its bytes, which are not read yet.</param>
internal sealed record AppendRequest(string Mailbox, IReadOnlyList<string> Flags, DateTimeOffset? Date, LiteralMark Message)
{
    /// <summary>Reads <c> mailbox [(flags)] ["date"] {n}CRLF</c>; fails when the announcement at the end is that of the mailbox name.</summary>
    public static bool TryParse(ref CommandReader reader, out AppendRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.Mailbox(out var mailbox) || !reader.Space())
        {
            return false;
        }

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

        if (!reader.LiteralAnnouncement(out var message))
        {
            return false;
        }

        request = new AppendRequest(mailbox, flags, date, message);
        return true;
    }
}
