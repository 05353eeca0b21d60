using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip.Events;

/// <content>The way of the notifications: a line, a pace, and what becomes of those that are refused.</content>
public sealed partial class EventNotifier
{
    private readonly Queue<ServedSubscription> _line = [];
    private TaskCompletionSource? _told;
    private int _underWay;
    private int _busy;

    /// <summary>Notifications under way. For tests.</summary>
    internal int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>There is something to tell.</summary>
    private void Touch(ServedSubscription subscription)
    {
        subscription.IsDirty = true;
        if (!subscription.IsBusy)
        {
            subscription.IsBusy = true;
            _busy++;
            StandInLine(subscription);
        }
    }

    private void StandInLine(ServedSubscription subscription)
    {
        _line.Enqueue(subscription);
        Next();
    }

    private void Next()
    {
        while (_underWay < _options.MaxUnderWay && _line.TryDequeue(out var subscription))
        {
            Volatile.Write(ref _underWay, _underWay + 1);
            _ = TellAsync(subscription);
        }
    }

    private async Task TellAsync(ServedSubscription subscription)
    {
        var pause = _options.FirstRetry;
        // A line of those that cannot be sent to must not become a pile of calls in calls.
        await Task.Yield();
        try
        {
            subscription.IsDirty = false;
            pause = await NotifyAsync(subscription);
        }
        catch (Exception fault)
        {
            LogFault(_log, fault);
            subscription.IsDirty = true;
            subscription.IsOver |= subscription.End is not null;
        }

        Volatile.Write(ref _underWay, _underWay - 1);
        if (subscription.IsOver)
        {
            Rest(subscription);
        }
        else
        {
            _wheel.Schedule(pause, _executor, () => Resume(subscription));
        }

        Next();
    }

    private void Resume(ServedSubscription subscription)
    {
        if (subscription.IsDirty)
        {
            StandInLine(subscription);
        }
        else
        {
            Rest(subscription);
        }
    }

    private void Rest(ServedSubscription subscription)
    {
        subscription.IsBusy = false;
        _busy--;
        TellWhenIdle();
    }

    private void TellWhenIdle()
    {
        if (_busy == 0)
        {
            _told?.TrySetResult();
        }
    }

    /// <summary>Sends the state.</summary>
    /// <returns>How long the next must wait.</returns>
    private async Task<TimeSpan> NotifyAsync(ServedSubscription subscription)
    {
        var state = await subscription.Package.ReadAsync(subscription.Resource);
        if (ReferenceEquals(state, EventState.Gone) && subscription.End is null)
        {
            Remove(subscription);
            subscription.End = "noresource";
        }

        if (ReferenceEquals(state, EventState.Unknown) && subscription.End is null)
        {
            subscription.IsDirty = true;
            if (!subscription.OwesAnswer)
            {
                return _options.FirstRetry;
            }
        }

        var isLast = subscription.End is not null;
        subscription.OwesAnswer = false;
        var notify = subscription.Notify(state, _wheel.Time.GetUtcNow());
        var response = await _endpoint.SendAsync(notify, subscription.Route, subscription.Flow, _executor);
        subscription.Package.OnAnswered(response.Status);
        subscription.IsOver = isLast;
        return isLast || response.IsSuccess ? Accepted(subscription, state) : Refused(subscription, response);
    }

    private TimeSpan Accepted(ServedSubscription subscription, EventState state)
    {
        subscription.Failures = 0;
        return ReferenceEquals(state, EventState.Unknown) ? _options.FirstRetry : subscription.Package.Pace;
    }

    /// <summary>A subscriber who says that there is no subscription, or does not answer at all, has none any more; others are told again later (section 4.2.2).</summary>
    private TimeSpan Refused(ServedSubscription subscription, SipResponse response)
    {
        if (response.Status is 404 or 405 or 408 or 410 or 416 or (>= 480 and <= 485) or 489 or 501 or 604)
        {
            Remove(subscription);
            subscription.End ??= "giveup";
            subscription.IsOver = true;
            return TimeSpan.Zero;
        }

        subscription.IsDirty = true;
        var usual = _options.FirstRetry * Math.Pow(2, Math.Min(subscription.Failures++, 16));
        var asked = SipSyntax.TryNumber(response.Headers["Retry-After"].AsSpan().Trim(), 86_400, out var seconds) ? TimeSpan.FromSeconds(seconds) : usual;
        var pause = asked > usual ? asked : usual;
        return pause < _options.LongestRetry ? pause : _options.LongestRetry;
    }
}
