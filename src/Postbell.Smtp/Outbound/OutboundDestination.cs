using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>
/// One place mail goes to: so many connections at once as it may have, those that are open and idle, and whether it answered last. Several messages go over one
/// connection; a place that just did not answer is not asked again for every message that waits for it.
/// </summary>
internal sealed class OutboundDestination(int maxConnections, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a connection waits for the next message: longer than within a burst, shorter than any server's patience.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(30);
    private const int MessagesPerConnection = 100;

    private readonly SemaphoreSlim _connections = new(maxConnections);
    private readonly Lock _gate = new();
    // The newest last: it is used again first, and the oldest are closed.
    private readonly List<(SmtpClientSession Session, long Since)> _idle = [];
    private SmtpSessionException? _failure;
    private long _failedAt;

    /// <summary>Sends over a connection that is open, or one that <paramref name="open"/> makes.</summary>
    /// <exception cref="SmtpSessionException">Nobody answered, or the session broke.</exception>
    public async Task<IReadOnlyList<SmtpOutcome>> SendAsync(
        Func<CancellationToken, Task<SmtpClientSession>> open, OutgoingMail mail, Stream content, CancellationToken cancellation)
    {
        await _connections.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var session = await TakeIdleAsync(cancellation).ConfigureAwait(false) ?? await OpenAsync(open, cancellation).ConfigureAwait(false);
            try
            {
                var outcomes = await session.SendAsync(mail, content, cancellation).ConfigureAwait(false);
                await KeepAsync(session, cancellation).ConfigureAwait(false);
                return outcomes;
            }
            catch
            {
                await session.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        finally
        {
            _connections.Release();
        }
    }

    /// <summary>Forgets that it did not answer: somebody wants it asked now.</summary>
    public void Forgive()
    {
        lock (_gate)
        {
            _failure = null;
        }
    }

    /// <summary>Says good-bye on connections nobody used for a while.</summary>
    public async Task CloseIdleAsync(CancellationToken cancellation)
    {
        while (TakeOld() is { } session)
        {
            await session.QuitAsync(cancellation).ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (TakeNewest() is { } session)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }

        _connections.Dispose();
    }

    private async Task<SmtpClientSession> OpenAsync(Func<CancellationToken, Task<SmtpClientSession>> open, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_failure is { } known && time.GetElapsedTime(_failedAt) < s_rest)
            {
                throw new SmtpSessionException(known.Reason, known.Message, known);
            }
        }

        try
        {
            var session = await open(cancellation).ConfigureAwait(false);
            Forgive();
            return session;
        }
        catch (SmtpSessionException failed)
        {
            lock (_gate)
            {
                (_failure, _failedAt) = (failed, time.GetTimestamp());
            }

            throw;
        }
    }

    // A server may have closed meanwhile: it is asked before a message is trusted to it.
    private async Task<SmtpClientSession?> TakeIdleAsync(CancellationToken cancellation)
    {
        await CloseIdleAsync(cancellation).ConfigureAwait(false);
        while (TakeNewest() is { } session)
        {
            if (await session.TryResetAsync(cancellation).ConfigureAwait(false))
            {
                return session;
            }

            await session.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }

    private async Task KeepAsync(SmtpClientSession session, CancellationToken cancellation)
    {
        if (session.Messages < MessagesPerConnection)
        {
            lock (_gate)
            {
                _idle.Add((session, time.GetTimestamp()));
            }

            return;
        }

        await session.QuitAsync(cancellation).ConfigureAwait(false);
        await session.DisposeAsync().ConfigureAwait(false);
    }

    private SmtpClientSession? TakeNewest()
    {
        lock (_gate)
        {
            return _idle.Count == 0 ? null : Take(_idle.Count - 1);
        }
    }

    private SmtpClientSession? TakeOld()
    {
        lock (_gate)
        {
            return _idle.Count > 0 && time.GetElapsedTime(_idle[0].Since) >= Idle ? Take(0) : null;
        }
    }

    private SmtpClientSession Take(int index)
    {
        var session = _idle[index].Session;
        _idle.RemoveAt(index);
        return session;
    }
}
