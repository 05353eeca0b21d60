using Postbell.Mime.Composing;

namespace Postbell.Mailbox.Searching;

/// <summary>Decides criteria by the content of one message; header and text parts are read and decoded once, other parts never.</summary>
internal sealed class ContentSearch(StoredMessage message, Func<long, int, Task<ReadOnlyMemory<byte>>> read)
{
    private List<(string Name, string Value)>? _header;
    private string? _body;

    public async Task<bool> MatchesAsync(SearchCriterion criterion)
    {
        switch (criterion)
        {
            case SearchCriterion.AllOf all:
                foreach (var one in all.Criteria)
                {
                    if (!await MatchesAsync(one).ConfigureAwait(false))
                    {
                        return false;
                    }
                }

                return true;
            case SearchCriterion.Either either:
                return await MatchesAsync(either.Left).ConfigureAwait(false) || await MatchesAsync(either.Right).ConfigureAwait(false);
            case SearchCriterion.Not not:
                return !await MatchesAsync(not.Criterion).ConfigureAwait(false);
            case SearchCriterion.HeaderContains header:
                return (await HeaderAsync().ConfigureAwait(false)).Exists(
                    f => f.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase) && TextFolding.Contains(f.Value, header.Text));
            case SearchCriterion.BodyContains body:
                return TextFolding.Contains(await BodyAsync().ConfigureAwait(false), body.Text);
            case SearchCriterion.TextContains text:
                return (await HeaderAsync().ConfigureAwait(false)).Exists(f => TextFolding.Contains(f.Name + ": " + f.Value, text.Text))
                    || TextFolding.Contains(await BodyAsync().ConfigureAwait(false), text.Text);
            default:
                return RowSearch.Decide(criterion, Row(), IndexHits.None) == true;
        }
    }

    private SearchableRow Row() => new(
        message.Uid, message.Flags, message.ModSeq, message.InternalDate.ToUnixTimeMilliseconds(), message.Size, message.Kind,
        MailDate.TryParseDay(message.Envelope.Date, out var day) ? day.DayNumber : null, message.SavedAt?.ToUnixTimeMilliseconds(),
        message.AccountId, message.ContentId, message.ThreadNumber, IsIndexed: false);

    private async Task<List<(string Name, string Value)>> HeaderAsync() =>
        _header ??= MessageText.Fields((await ReadAsync(message.Structure.Start, message.Structure.HeaderLength).ConfigureAwait(false)).Span);

    private async Task<string> BodyAsync() => _body ??= await IndexedText.BodyAsync(message.Structure, ReadAsync).ConfigureAwait(false);

    private Task<ReadOnlyMemory<byte>> ReadAsync(long offset, long length) => read(offset, (int)Math.Min(length, int.MaxValue));
}
