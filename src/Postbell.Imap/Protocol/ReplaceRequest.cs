namespace Postbell.Imap.Protocol;

/// <summary>The arguments of REPLACE and UID REPLACE up to and with the announcement of the message (RFC 8508 section 3).</summary>
/// <param name="Replaced">The one message that goes.</param>
/// <param name="Mailbox">Where the new one goes.</param>
/// <param name="Message">The new one.</param>
internal sealed record ReplaceRequest(SequenceSet Replaced, string Mailbox, AppendMessage Message)
{
    public static bool TryParse(ref CommandReader reader, out ReplaceRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.SequenceSet(out var replaced))
        {
            return false;
        }

        if (replaced.Ranges.Count != 1 || replaced.Ranges[0].From != replaced.Ranges[0].To)
        {
            return reader.Fail(ParseFailure.OneMessageExpected);
        }

        if (!reader.Space() || !reader.Mailbox(out var mailbox) || !reader.Space() || !AppendMessage.TryParse(ref reader, out var message))
        {
            return false;
        }

        request = new ReplaceRequest(replaced, mailbox, message);
        return true;
    }
}
