using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <summary>
/// The peer of a call asks us to call somebody else (RFC 3515): accept and report, or decline. Members are meant for the dialog's executor; calls from
/// elsewhere are posted there.
/// </summary>
public sealed class IncomingRefer
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(3);

    private readonly SipDialog _dialog;
    private readonly SipStack _stack;
    private readonly ServerTransaction _transaction;
    private readonly bool _reports;
    private WheelTimer? _limit;
    private (int Status, string Reason)? _next;
    private bool _busy;
    private bool _accepted;
    private bool _ended;

    private IncomingRefer(SipDialog dialog, SipStack stack, ServerTransaction transaction, NameAddress target, SipReplaces? replaces)
    {
        _dialog = dialog;
        _stack = stack;
        _transaction = transaction;
        Target = target.Uri.WithParameters(target.Uri.Parameters.Without("method"));
        Replaces = replaces;
        var referredBy = transaction.Request.Headers["Referred-By"];
        ReferredBy = referredBy is not null && NameAddress.TryParse(referredBy, out var by) ? by : null;
        _reports = transaction.Request.Headers["Refer-Sub"]?.Trim().StartsWith("false", StringComparison.OrdinalIgnoreCase) != true;
    }

    /// <summary>Whom we are to call, without the headers and the method that the URI may have named: nobody shapes our requests from outside.</summary>
    public SipUri Target { get; }

    /// <summary>The dialog our call is to take the place of at the target (attended transfer); null for a blind one.</summary>
    public SipReplaces? Replaces { get; }

    /// <summary>Who asks, as the peer says (RFC 3892); a claim, not a proof. Null when it is not said.</summary>
    public NameAddress? ReferredBy { get; }

    /// <summary>The request.</summary>
    public SipRequest Request => _transaction.Request;

    /// <summary>Refuses. This is what happens where nobody wants transfers.</summary>
    /// <param name="status">300 to 699.</param>
    /// <param name="reason">Reason phrase; null is the usual one.</param>
    public void Decline(int status = 603, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        _dialog.Executor.RunOrPost(() =>
        {
            if (!_accepted && !_transaction.IsAnswered)
            {
                _ended = true;
                _dialog.Forget(this);
                _transaction.Respond(_stack.Responses.Build(_transaction, status, reason, _dialog.LocalTag, default, null, []));
            }
        });
    }

    /// <summary>
    /// Accepts with 202 and reports 100 at once; tell the outcome by <see cref="Report"/>. Without a final report within three minutes the peer is told 408.
    /// </summary>
    public void Accept() => _dialog.Executor.RunOrPost(() =>
    {
        if (_accepted || _transaction.IsAnswered)
        {
            return;
        }

        _accepted = true;
        SipHeader[] extra = _reports ? [] : [new SipHeader("Refer-Sub", "false")];
        _transaction.Respond(_stack.Responses.Build(_transaction, 202, null, _dialog.LocalTag, default, null, extra));
        _limit = _stack.Wheel.Schedule(s_longest, _dialog.Executor, () => Report(408));
        Tell(100, "Trying");
    });

    /// <summary>Tells the peer how far our call has come; a status from 200 on ends the reports. Nothing is sent when the peer wants no reports.</summary>
    /// <param name="status">100 to 699, of the call to the target.</param>
    /// <param name="reason">Reason phrase; null is the usual one.</param>
    public void Report(int status, string? reason = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        _dialog.Executor.RunOrPost(() => Tell(status, reason ?? SipReasonPhrases.For(status)));
    }

    /// <summary>Reads a REFER; null with what is wrong with it.</summary>
    internal static (IncomingRefer? Refer, string? Problem) Read(SipDialog dialog, SipStack stack, ServerTransaction transaction)
    {
        var values = transaction.Request.Headers.GetValues("Refer-To").Take(2).ToList();
        if (values.Count != 1)
        {
            return (null, values.Count == 0 ? "Missing Refer-To" : "More Than One Refer-To");
        }

        if (!NameAddress.TryParse(values[0], out var target) || !(target.Uri.IsSip || target.Uri.Scheme == "tel"))
        {
            return (null, "Bad Refer-To");
        }

        if (target.Uri.Parameters["method"] is { } method && method != SipMethods.Invite)
        {
            return (null, "Refer-To Asks For Another Method");
        }

        var replaces = target.Uri.Headers.Where(header => header.Name.Equals("Replaces", StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        SipReplaces? replaced = null;
        return replaces.Count > 1 || (replaces.Count == 1 && !SipReplaces.TryParse(replaces[0].Value, out replaced))
            ? (null, "Bad Replaces In Refer-To")
            : (new IncomingRefer(dialog, stack, transaction, target, replaced), null);
    }

    private void Tell(int status, string reason)
    {
        if (!_accepted || _ended)
        {
            return;
        }

        if (status >= 200)
        {
            _ended = true;
            _limit?.Cancel();
            _dialog.Forget(this);
        }

        if (_reports)
        {
            _next = (status, reason);
            SendNext();
        }
    }

    /// <summary>One report at a time, so that none overtakes another; of those that wait only the newest counts.</summary>
    private void SendNext()
    {
        if (_busy || _next is not { } next)
        {
            return;
        }

        _busy = true;
        _next = null;
        var left = string.Create(CultureInfo.InvariantCulture, $"active;expires={(int)s_longest.TotalSeconds}");
        _dialog.Notify(
            SipFragment.Of(next.Status, next.Reason),
            SipFragment.ContentType + ";version=2.0",
            [
                new SipHeader("Event", string.Create(CultureInfo.InvariantCulture, $"refer;id={Request.CSeq.Number}")),
                new SipHeader("Subscription-State", next.Status >= 200 ? "terminated;reason=noresource" : left),
            ],
            response =>
            {
                _busy = false;
                if (response.IsSuccess)
                {
                    SendNext();
                }
            });
    }
}
