using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.Mime.Composing;

namespace Postbell.Imap.Ordering;

/// <summary>A found message with what orders it.</summary>
/// <param name="Index">Sequence number less one.</param>
/// <param name="Summary">What the store knows of it.</param>
/// <param name="Sent">The Date header's moment, or the internal date where there is none (RFC 5256 section 2.2); ticks, UTC.</param>
internal readonly record struct OrderedMessage(int Index, EnvelopeRow Summary, long Sent);

/// <summary>Reads what orders many messages, piece by piece.</summary>
internal static class MessageSummaries
{
    private const int Piece = 1_000;

    public static async Task<List<OrderedMessage>> ReadAsync(ImapSession session, List<int> found, bool withEnvelope, CancellationToken ct)
    {
        var selected = session.Selected;
        var messages = new List<OrderedMessage>(found.Count);
        for (var at = 0; at < found.Count; at += Piece)
        {
            ct.ThrowIfCancellationRequested();
            var uids = selected.Uids(found.Skip(at).Take(Piece));
            foreach (var summary in await session.Mailbox.ReadSummariesAsync(selected.Folder.Id, uids, withEnvelope, ct))
            {
                var sent = MailDate.TryParseMoment(summary.Envelope.Date, out var moment) ? moment : summary.InternalDate;
                messages.Add(new OrderedMessage(selected.IndexOf(summary.Uid), summary, sent.UtcTicks));
            }

            // Reading does not wait where the pages are in memory: others get their turn here.
            await Task.Yield();
        }

        return messages;
    }
}
