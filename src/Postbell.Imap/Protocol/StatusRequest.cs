using System.Text;

namespace Postbell.Imap.Protocol;

/// <summary>What STATUS can tell.</summary>
[Flags]
internal enum StatusItems
{
    None = 0,
    Messages = 1,
    Recent = 2,
    UidNext = 4,
    UidValidity = 8,
    Unseen = 16,
    HighestModSeq = 32,
    AppendLimit = 64,

    /// <summary>Octets of all messages (RFC 8438).</summary>
    Size = 1024,

    /// <summary>Messages with \Deleted (RFC 9051).</summary>
    Deleted = 2048,

    /// <summary>Octets of messages with \Deleted (RFC 9208).</summary>
    DeletedStorage = 4096,

    /// <summary>The identifier of the mailbox (RFC 8474).</summary>
    MailboxId = 8192,
}

/// <summary>The arguments of STATUS (RFC 3501 section 6.3.10).</summary>
internal sealed record StatusRequest(string Mailbox, StatusItems Items)
{
    public static bool TryParse(ref CommandReader reader, out StatusRequest request)
    {
        request = null!;
        if (!reader.Space() || !reader.Mailbox(out var mailbox) || !reader.Space() || !TryItems(ref reader, out var items) || !reader.End())
        {
            return false;
        }

        request = new StatusRequest(mailbox, items);
        return true;
    }

    /// <summary>A parenthesised list of items, also the one LIST takes (RFC 5819).</summary>
    public static bool TryItems(ref CommandReader reader, out StatusItems items)
    {
        items = StatusItems.None;
        if (!reader.Expect((byte)'(', ParseFailure.ListExpected))
        {
            return false;
        }

        do
        {
            if (!reader.Atom(out var word))
            {
                return reader.Fail(ParseFailure.StatusItemUnknown);
            }

            var item = Encoding.ASCII.GetString(word).ToUpperInvariant() switch
            {
                "MESSAGES" => StatusItems.Messages,
                "RECENT" => StatusItems.Recent,
                "UIDNEXT" => StatusItems.UidNext,
                "UIDVALIDITY" => StatusItems.UidValidity,
                "UNSEEN" => StatusItems.Unseen,
                "HIGHESTMODSEQ" => StatusItems.HighestModSeq,
                "APPENDLIMIT" => StatusItems.AppendLimit,
                "SIZE" => StatusItems.Size,
                "DELETED" => StatusItems.Deleted,
                "DELETED-STORAGE" => StatusItems.DeletedStorage,
                "MAILBOXID" => StatusItems.MailboxId,
                _ => StatusItems.None,
            };
            if (item == StatusItems.None)
            {
                return reader.Fail(ParseFailure.StatusItemUnknown);
            }

            items |= item;
        }
        while (reader.TakeIf((byte)' '));
        return reader.Expect((byte)')', ParseFailure.ListUnterminated);
    }
}
