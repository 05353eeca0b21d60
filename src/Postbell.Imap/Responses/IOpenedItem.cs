using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Responses;

/// <summary>An item of FETCH that was looked up before its answer is begun, so that a damaged message can still be refused.</summary>
internal interface IOpenedItem
{
    /// <summary>True when the item cannot be given: the answer goes without it, and the command ends with NO.</summary>
    bool IsLeftOut { get; }

    /// <summary>Writes name and value; a large one leaves in pieces as it is read.</summary>
    Task WriteAsync(ImapConnection connection, CancellationToken ct);

    /// <summary>What of so many octets a partial range means.</summary>
    static (long Offset, long Length) Cut(long length, PartialRange? partial)
    {
        if (partial is not { } wanted)
        {
            return (0, length);
        }

        var offset = Math.Min(wanted.Offset, length);
        return (offset, Math.Min(wanted.Length, length - offset));
    }
}
