using System.Globalization;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <content>Transfers (RFC 3515): asking the peer for one and following its reports, and being asked by it.</content>
public sealed partial class SipDialog
{
    private const string ReferPackage = "refer";

    private readonly Dictionary<uint, Referral> _referrals = [];
    private IncomingRefer? _refer;

    /// <summary>The value of a Replaces header that names this dialog to the peer (RFC 3891 section 3).</summary>
    public SipReplaces Replaces => new(CallId, RemoteTag.Length == 0 ? "0" : RemoteTag, LocalTag);

    /// <summary>
    /// Asks the peer to call somebody else (REFER) and follows what it reports until the outcome is known. The dialog stays up: end it once the
    /// transfer succeeded.
    /// </summary>
    /// <param name="transfer">Whom to call, and how long to wait.</param>
    /// <param name="cancellation">Ends the wait; the peer goes on.</param>
    public Task<TransferOutcome> ReferAsync(Transfer transfer, CancellationToken cancellation = default)
    {
        var referral = new Referral(transfer);
        Executor.RunOrPost(() => Refer(referral));
        return referral.Outcome.WaitAsync(cancellation);
    }

    /// <summary>Reports of the transfer that the peer asked for. A peer that no longer wants them (481) keeps its call.</summary>
    internal void Notify(ReadOnlyMemory<byte> body, string? contentType, IReadOnlyList<SipHeader> headers, Action<SipResponse> answered)
    {
        if (!_closing)
        {
            Send(_route.Build(SipMethods.Notify, body, contentType, headers), new PendingResponse(response =>
            {
                if (!response.IsProvisional)
                {
                    answered(response);
                }
            }));
        }
    }

    internal void Forget(IncomingRefer refer) => _refer = ReferenceEquals(_refer, refer) ? null : _refer;

    private void Refer(Referral referral)
    {
        if (_closing)
        {
            referral.Finish(TransferEnd.CallEnded);
            return;
        }

        var request = _route.Build(SipMethods.Refer, default, null, HeadersOf(referral.Transfer));
        var number = request.CSeq.Number;
        _referrals[number] = referral;
        referral.Limit = _stack.Wheel.Schedule(referral.Transfer.Timeout, Executor, () => FinishReferral(number, TransferEnd.TimedOut));
        Send(request, new PendingResponse(response => OnReferAnswered(number, referral, response)));
    }

    private static List<SipHeader> HeadersOf(Transfer transfer)
    {
        var target = transfer.Target.WithParameters(transfer.Target.Parameters).ToString();
        var replaces = transfer.InPlaceOf is { } dialog ? "?Replaces=" + Uri.EscapeDataString(dialog.Replaces.ToString()) : "";
        List<SipHeader> headers = [new("Refer-To", $"<{target}{replaces}>")];
        if (transfer.ReferredBy is { } by)
        {
            headers.Add(new SipHeader("Referred-By", by.ToString()));
        }

        if (transfer.WithoutReports)
        {
            headers.Add(new SipHeader("Refer-Sub", "false"));
            headers.Add(new SipHeader("Supported", "norefersub"));
        }

        headers.AddRange(transfer.Headers);
        return headers;
    }

    private void OnReferAnswered(uint number, Referral referral, SipResponse response)
    {
        if (response.IsProvisional)
        {
            return;
        }

        referral.WasAccepted = response.IsSuccess;
        if (!response.IsSuccess)
        {
            FinishReferral(number, TransferEnd.Refused, response.Status);
        }
        else if (response.Headers["Refer-Sub"]?.Trim().StartsWith("false", StringComparison.OrdinalIgnoreCase) == true)
        {
            FinishReferral(number, TransferEnd.NotReported);
        }

        OnOwnResponse(SipMethods.Refer, false, response);
    }

    /// <summary>A report on a transfer of ours; one that belongs to none gets 481 (RFC 6665 section 4.1.3).</summary>
    private void OnReferNotify(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (FindReferral(request) is not { } number)
        {
            Respond(transaction, 481, "Subscription Does Not Exist", []);
        }
        else if (request.Headers["Subscription-State"] is not { } state)
        {
            Respond(transaction, 400, "Missing Subscription-State", []);
        }
        else if (!request.Body.IsEmpty && request.ContentType != SipFragment.ContentType)
        {
            Respond(transaction, 415, null, [new SipHeader("Accept", SipFragment.ContentType)]);
        }
        else
        {
            Respond(transaction, 200, null, []);
            OnReport(number, request, state.Trim().StartsWith("terminated", StringComparison.OrdinalIgnoreCase));
        }
    }

    private void OnReport(uint number, SipRequest request, bool isLast)
    {
        var referral = _referrals[number];
        // The report may overtake the answer to the REFER.
        referral.WasAccepted = true;
        if (SipFragment.TryRead(request.Body.Span, out var status, out _))
        {
            referral.Report(status);
            if (status >= 200)
            {
                FinishReferral(number, status < 300 ? TransferEnd.Succeeded : TransferEnd.Failed);
                return;
            }
        }

        if (isLast)
        {
            FinishReferral(number, TransferEnd.NotReported);
        }
    }

    /// <summary>By the id of the event, which is the number of the REFER; without one there is only one it can mean (RFC 3515 section 2.4.6).</summary>
    private uint? FindReferral(SipRequest notify)
    {
        var value = notify.Headers["Event"]!;
        var end = value.IndexOf(';');
        if (end >= 0 && SipParameters.TryParse(value.AsSpan(end), out var parameters) && parameters["id"] is { } id)
        {
            return uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _referrals.ContainsKey(number) ? number : null;
        }

        return _referrals.Count == 1 ? _referrals.Keys.First() : null;
    }

    private void FinishReferral(uint number, TransferEnd end, int? status = null)
    {
        if (_referrals.Remove(number, out var referral))
        {
            referral.Finish(end, status);
        }
    }

    private void FinishReferrals()
    {
        foreach (var number in _referrals.Keys.ToArray())
        {
            FinishReferral(number, TransferEnd.CallEnded);
        }
    }

    private static bool IsReferNotify(SipRequest request) =>
        request.Method == SipMethods.Notify
        && request.Headers["Event"] is { } package && package.Split(';')[0].Trim().Equals(ReferPackage, StringComparison.OrdinalIgnoreCase);

    private void OnRefer(ServerTransaction transaction)
    {
        if (_refer is not null)
        {
            Respond(transaction, 491, "Transfer Under Way", []);
            return;
        }

        var (refer, problem) = IncomingRefer.Read(this, _stack, transaction);
        if (refer is null)
        {
            Respond(transaction, 400, problem, []);
            return;
        }

        _refer = refer;
        Hand(transaction, events => events.OnRefer(refer));
    }
}
