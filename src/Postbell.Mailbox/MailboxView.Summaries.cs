using Postbell.Mailbox.Storage.Sqlite;
using Postbell.Mime;

namespace Postbell.Mailbox;

/// <content>Short forms of many messages.</content>
public sealed partial class MailboxView
{
    /// <summary>
    /// Summaries of the messages in the ranges, ascending UID; UIDs that do not exist are left out. One call reads in one go: whoever wants very
    /// many asks for them in pieces, so that others get their turn.
    /// </summary>
    /// <param name="folderId">The folder.</param>
    /// <param name="uids">Which messages.</param>
    /// <param name="fields">Fields of the envelope; none is several times faster.</param>
    /// <param name="ct">Gives up before the reading.</param>
    public async Task<IReadOnlyList<EnvelopeRow>> ReadSummariesAsync(
        long folderId, IReadOnlyList<UidRange> uids, EnvelopeFields fields, CancellationToken ct) =>
        await _store.Readers.ReadAsync(
            sql =>
            {
                var summaries = new List<EnvelopeRow>();
                foreach (var range in UidRange.Merge(uids))
                {
                    summaries.AddRange(fields == EnvelopeFields.None
                        ? MessageTable.Summaries(sql, AccountId, folderId, range)
                        : MessageTable.SummariesWithEnvelope(sql, AccountId, folderId, range, fields));
                }

                return summaries;
            },
            ct).ConfigureAwait(false);
}
