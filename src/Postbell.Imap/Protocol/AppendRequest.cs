namespace Postbell.Imap.Protocol;

/// <summary>The arguments of APPEND up to and with the announcement of the first message (RFC 3501 section 6.3.11).</summary>
/// <param name="Mailbox">Where the messages go.</param>
/// <param name="First">The first of them; others follow it (RFC 3502).</param>
internal sealed record AppendRequest(string Mailbox, AppendMessage First)
{
    /// <summary>Reads <c> mailbox message</c>; fails when the announcement at the end is that of the mailbox name.</summary>
    public static bool TryParse(ref CommandReader reader, out AppendRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.Mailbox(out var mailbox) || !reader.Space() || !AppendMessage.TryParse(ref reader, out var first))
        {
            return false;
        }

        request = new AppendRequest(mailbox, first);
        return true;
    }
}
