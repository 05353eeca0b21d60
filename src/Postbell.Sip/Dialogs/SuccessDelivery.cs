using Postbell.Core;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Dialogs;

/// <summary>
/// A 2xx on its way to the peer: repeated from T1 up to T2 until the ACK comes, given up after 64*T1 (RFC 3261 section 13.3.1.4). Over TCP as
/// well, since a later hop may be UDP.
/// </summary>
internal sealed class SuccessDelivery
{
    private readonly SipDialog _dialog;
    private readonly SipTimers _timers;
    private readonly TimerWheel _wheel;
    private readonly InviteServerTransaction _transaction;
    private WheelTimer _repeat;
    private readonly WheelTimer _limit;
    private TimeSpan _interval;

    public SuccessDelivery(SipDialog dialog, InviteServerTransaction transaction, bool carriesOffer)
    {
        _dialog = dialog;
        _transaction = transaction;
        CarriesOffer = carriesOffer;
        _timers = transaction.Stack.Options.Timers;
        _wheel = transaction.Stack.Wheel;
        _interval = _timers.T1;
        _repeat = _wheel.Schedule(_interval, dialog.Executor, Repeat);
        _limit = _wheel.Schedule(_timers.Timeout, dialog.Executor, GiveUp);
    }

    /// <summary>CSeq number of the INVITE, which its ACK repeats.</summary>
    public uint Number => _transaction.Request.CSeq.Number;

    /// <summary>True when the 2xx holds our offer and the ACK must bring the answer.</summary>
    public bool CarriesOffer { get; }

    /// <summary>The ACK came.</summary>
    public void Acknowledge()
    {
        Stop();
        _transaction.Settle();
    }

    public void Stop()
    {
        _repeat.Cancel();
        _limit.Cancel();
    }

    private void Repeat()
    {
        _transaction.RepeatSuccess();
        _interval = _interval * 2 < _timers.T2 ? _interval * 2 : _timers.T2;
        _repeat = _wheel.Schedule(_interval, _dialog.Executor, Repeat);
    }

    private void GiveUp()
    {
        _repeat.Cancel();
        _dialog.OnNeverAcknowledged(this);
    }
}
