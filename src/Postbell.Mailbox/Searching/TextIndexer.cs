using Microsoft.Extensions.Logging;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Blobs;
using Postbell.Mailbox.Storage.Sqlite;
using Postbell.Mime;

namespace Postbell.Mailbox.Searching;

/// <summary>
/// Brings what came in into the full-text index, behind the deliveries and not in their way: rows say what waits, so a crash loses nothing, and until a message
/// is indexed searches read it. While others write it takes a small share of the writer only. Also gives messages of older versions their conversation and first words.
/// </summary>
internal sealed partial class TextIndexer : IAsyncDisposable
{
    private const int BatchCount = 100;
    private const long BatchOctets = 16 * 1024 * 1024;

    // What comes in together is indexed together: a transaction of the index costs much the same for one message as for many.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMinutes(1);

    private readonly ReaderPool _readers;
    private readonly WriteLoop _writer;
    private readonly BlobFolder _blobs;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _work = new(1);
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _closing = new();
    private Task _running = Task.CompletedTask;

    public TextIndexer(ReaderPool readers, WriteLoop writer, BlobFolder blobs, TimeProvider time, ILogger log) =>
        (_readers, _writer, _blobs, _time, _log) = (readers, writer, blobs, time, log);

    /// <summary>Begins with what waits since the last time.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Says that something came in. Cheap, from any thread.</summary>
    public void Wake()
    {
        if (_work.CurrentCount == 0)
        {
            try
            {
                _work.Release();
            }
            catch (ObjectDisposedException)
            {
                // The store is being closed.
            }
        }
    }

    /// <summary>Indexes until nothing waits.</summary>
    public Task IndexAllAsync(CancellationToken ct) => IndexAllAsync(givesWay: false, ct);

    private async Task IndexAllAsync(bool givesWay, CancellationToken ct)
    {
        await _one.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var pace = new IndexingPace(_time, BatchCount);
            while (await _readers.ReadAsync(sql => TextIndexTable.Waiting(sql, pace.Count), ct).ConfigureAwait(false) is { Count: > 0 } waiting)
            {
                pace.Begin(_writer.Writes);
                var begin = _time.GetTimestamp();
                var done = await IndexAsync(waiting, ct).ConfigureAwait(false);
                if (givesWay && pace.Rest(done, _time.GetElapsedTime(begin), _writer.Writes) is var rest && rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, _time, ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _closing.Dispose();
        _work.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await _work.WaitAsync(_closing.Token).ConfigureAwait(false);
                await Task.Delay(s_pause, _time, _closing.Token).ConfigureAwait(false);
                await IndexAllAsync(givesWay: true, _closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogFailed(_log, s_afterFailure, fault);
                await Task.Delay(s_afterFailure, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Wake();
            }
        }
    }

    /// <summary>Indexes some of them; says how many.</summary>
    private async Task<int> IndexAsync(List<UnindexedContent> waiting, CancellationToken ct)
    {
        var texts = new List<Text>();
        long octets = 0;
        foreach (var content in waiting)
        {
            texts.Add(await ReadAsync(content, ct).ConfigureAwait(false));
            octets += content.Size;
            if (octets > BatchOctets)
            {
                break;
            }
        }

        return await _writer.WriteAsync(
            scope =>
            {
                foreach (var text in texts)
                {
                    Store(scope.Sql, text);
                }

                return texts.Count;
            },
            ct).ConfigureAwait(false);
    }

    private static void Store(SqlSession sql, Text text)
    {
        var (account, content) = (text.Content.AccountId, text.Content.ContentId);
        if (TextIndexTable.State(sql, account, content) != IndexState.Waiting)
        {
            // It was expunged meanwhile.
            return;
        }

        if (text.State == IndexState.Indexed)
        {
            TextIndexTable.Insert(sql, account, content, text.Head, text.Body);
        }

        if (text.Thread is { } keys)
        {
            ContentTable.SetThread(sql, account, content, keys);
        }

        if (text.Preview is { } preview)
        {
            ContentTable.SetPreview(sql, account, content, preview);
        }

        TextIndexTable.SetState(sql, account, content, text.State);
    }

    private async Task<Text> ReadAsync(UnindexedContent content, CancellationToken ct)
    {
        try
        {
            var structure = MimeJson.Deserialize(content.Structure);
            var header = await ReadAsync(content, structure.Start, structure.HeaderLength, ct).ConfigureAwait(false);
            var body = await IndexedText.BodyAsync(structure, (offset, length) => ReadAsync(content, offset, length, ct)).ConfigureAwait(false);
            var head = IndexedText.Head(structure with { Start = 0, BodyStart = header.Length }, header.Span);
            var fits = head.Length + body.Length <= IndexedText.MaxCharacters;
            return new Text(content, fits ? IndexState.Indexed : IndexState.Unindexable)
            {
                Head = TextFolding.Fold(head),
                Body = TextFolding.Fold(body),
                Thread = content.HasThread ? null : ThreadKeys.Read(header.Span, structure.Envelope ?? new MimeEnvelope(), content.Kind),
                Preview = content.HasPreview ? null
                    : await PreviewText.OfAsync(structure, (offset, length) => ReadAsync(content, offset, length, ct)).ConfigureAwait(false),
            };
        }
        catch (MailboxException damaged) when (damaged.Reason == MailboxFailure.BlobDamaged)
        {
            return new Text(content, IndexState.Unindexable);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(UnindexedContent content, long offset, long length, CancellationToken ct) =>
        await _blobs.ReadRangeAsync(content.BlobName, offset, (int)Math.Min(length, int.MaxValue), ct).ConfigureAwait(false);

    private sealed record Text(UnindexedContent Content, IndexState State)
    {
        public string Head { get; init; } = "";

        public string Body { get; init; } = "";

        public ThreadKeys? Thread { get; init; }

        public string? Preview { get; init; }
    }

    [LoggerMessage(10, LogLevel.Warning, "The full-text index could not be brought up to date; next attempt in {Delay}")]
    private static partial void LogFailed(ILogger log, TimeSpan delay, Exception fault);
}
