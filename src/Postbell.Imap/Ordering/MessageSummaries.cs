using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime;

namespace Postbell.Imap.Ordering;

/// <summary>Reads what orders many messages, piece by piece; only what is taken of a piece stays.</summary>
internal static class MessageSummaries
{
    private const int Piece = 1_000;

    /// <summary>Gives each message, ascending, with its sequence number less one.</summary>
    public static async Task ReadAsync(ImapSession session, List<int> found, EnvelopeFields fields, Action<int, EnvelopeRow> take, CancellationToken ct)
    {
        var selected = session.Selected;
        for (var at = 0; at < found.Count; at += Piece)
        {
            ct.ThrowIfCancellationRequested();
            var uids = selected.Uids(found.GetRange(at, Math.Min(Piece, found.Count - at)));
            foreach (var summary in await selected.Mailbox.ReadSummariesAsync(selected.Folder.Id, uids, fields, ct))
            {
                take(selected.IndexOf(summary.Uid), summary);
            }

            // Reading does not wait where the pages are in memory: others get their turn here.
            await Task.Yield();
        }
    }
}
