using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Dialogs;

/// <summary>
/// The session timer of one dialog (RFC 4028): when refreshing is ours it asks the dialog for it at half time, and without a refresh by either
/// side it lets the dialog end a little before the session expires (section 10). All on the dialog's executor.
/// </summary>
internal sealed class SessionTimer(SipDialog dialog, SipStack stack)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private WheelTimer? _refresh;
    private WheelTimer? _expiry;
    private int _seconds;
    private int _minimum = 90;

    /// <summary>True while an interval runs.</summary>
    public bool IsRunning => _expiry is not null;

    /// <summary>Starts the interval that our 2xx to a request of the peer agrees to, and says so in its headers (section 9).</summary>
    public IReadOnlyList<SipHeader> Answer(SipRequest request)
    {
        Stop();
        var supported = SessionExpires.IsSupportedBy(request);
        var asked = SessionExpires.TryRead(request, out var wanted);
        var longest = (int)stack.Options.SessionExpires.TotalSeconds;
        if (!asked && (!supported || longest == 0))
        {
            return [];
        }

        _minimum = SessionExpires.MinimumOf(request);
        var least = Math.Max(_minimum, stack.Options.MinimumSessionSeconds);
        _seconds = Math.Max(least, asked && (longest == 0 || wanted.Seconds < longest) ? wanted.Seconds : longest);
        // A peer that left it open is not made responsible; one that does not know timers cannot be (table 2).
        var byPeer = supported && wanted.RefreshedByClient == true;
        Start(ours: !byPeer);
        var answer = new SipHeader("Session-Expires", new SessionExpires(_seconds, byPeer).ToString());
        return byPeer ? [answer, new SipHeader("Require", SessionExpires.OptionTag)] : [answer];
    }

    /// <summary>Headers of a refresh of ours.</summary>
    public IReadOnlyList<SipHeader> Ask() =>
    [
        new("Session-Expires", new SessionExpires(_seconds, true).ToString()),
        new("Min-SE", _minimum.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>A 2xx to a request of ours: the peer agreed to an interval, or knows none; then a running one goes on in our care (section 7.2).</summary>
    public void OnAccepted(SipResponse response)
    {
        var agreed = SessionExpires.TryRead(response, out var granted);
        if (agreed)
        {
            _seconds = Math.Max(granted.Seconds, stack.Options.MinimumSessionSeconds);
        }
        else if (!IsRunning)
        {
            return;
        }

        Stop();
        Start(ours: !agreed || granted.RefreshedByClient != false);
    }

    /// <summary>A refresh of ours did not succeed; until the interval ends it is tried again.</summary>
    public void OnRefused(SipResponse response)
    {
        var minimum = SessionExpires.MinimumOf(response);
        if (response.Status == 422 && minimum > _seconds)
        {
            // The next attempt asks for what a server on the way wants at least (section 7.4).
            _minimum = minimum;
            _seconds = minimum;
        }

        RefreshSoon();
    }

    /// <summary>The dialog cannot refresh now: something else is under way.</summary>
    public void RefreshSoon()
    {
        if (IsRunning)
        {
            _refresh?.Cancel();
            _refresh = stack.Wheel.Schedule(s_retry, dialog.Executor, dialog.RefreshSession);
        }
    }

    public void Stop()
    {
        _refresh?.Cancel();
        _expiry?.Cancel();
        _refresh = null;
        _expiry = null;
    }

    private void Start(bool ours)
    {
        var interval = TimeSpan.FromSeconds(_seconds);
        _expiry = stack.Wheel.Schedule(interval - TimeSpan.FromSeconds(Math.Min(32, _seconds / 3)), dialog.Executor, dialog.OnSessionExpired);
        if (ours)
        {
            _refresh = stack.Wheel.Schedule(interval / 2, dialog.Executor, dialog.RefreshSession);
        }
    }
}
