using System.Net;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <summary>A call that wants to be answered. All members are meant for the dialog's executor; calls from elsewhere are posted there.</summary>
public sealed class IncomingInvite
{
    private readonly InviteServerTransaction _transaction;
    private readonly CancellationTokenSource _cancelled = new();

    internal IncomingInvite(InviteServerTransaction transaction) => _transaction = transaction;

    /// <summary>The INVITE.</summary>
    public SipRequest Request => _transaction.Request;

    /// <summary>The session description the caller offers, also out of a multipart body; empty when the answer is to hold our offer.</summary>
    public ReadOnlyMemory<byte> Offer => Request.SessionDescription;

    /// <summary>Address it came from.</summary>
    public IPEndPoint Source => _transaction.Flow.Remote;

    /// <summary>Transport it came over.</summary>
    public SipTransport Transport => _transaction.Flow.Transport;

    /// <summary>Who sent it, with the names its certificate proves.</summary>
    public SipPeer Peer => _transaction.Flow.Peer;

    /// <summary>Our address the peer reached; media for the call belongs on the same interface.</summary>
    public IPEndPoint LocalEndPoint => _transaction.Flow.Local;

    /// <summary>The dialog; early until <see cref="Accept"/>.</summary>
    public SipDialog Dialog => _transaction.User;

    /// <summary>
    /// The call of ours that this one is to take the place of (RFC 3891), or null. It is up and runs on the same executor; <see cref="Accept"/> ends it
    /// with <see cref="SipDialogEndKind.Replaced"/>. Whether this peer may take it over is the application's to say: whoever does not know what to do
    /// with it must refuse.
    /// </summary>
    public SipDialog? Replaces => Dialog.Replaced?.Dialog;

    /// <summary>
    /// Cancelled when the caller hung up first (CANCEL, or BYE before an answer), or never acknowledged a provisional response it required to be
    /// reliable: the peer was told already.
    /// </summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>True after a final answer of either side.</summary>
    public bool IsAnswered => _transaction.IsAnswered;

    /// <summary>
    /// Sends a provisional response 101 to 199 with To tag and Contact, reliably when the caller requires it (RFC 3262). 100 was sent by the
    /// transaction itself.
    /// </summary>
    public void Provisional(int status, string? reason = null, params SipHeader[] extra)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 101);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 199);
        Dialog.Executor.RunOrPost(() => Dialog.Provisional(_transaction, status, reason, null, extra));
    }

    /// <summary>
    /// Answers the caller's offer before the call is answered: 183 with our session description, so that announcements are heard before anything is
    /// charged (early media). Reliable when the caller can (RFC 3262); <see cref="Accept"/> then waits for its PRACK by itself. Nothing is sent when the
    /// INVITE held no offer.
    /// </summary>
    /// <param name="answer">Session description; <see cref="Accept"/> repeats it, or what was agreed since.</param>
    /// <param name="contentType">Its type, usually <c>application/sdp</c>.</param>
    /// <param name="events">
    /// Hears of offers in PRACK and UPDATE and of INFO from now on. The end of a call that was not answered yet is told by <see cref="Cancelled"/> alone.
    /// </param>
    /// <param name="extra">Further headers.</param>
    public void Progress(ReadOnlyMemory<byte> answer, string contentType, ISipDialogEvents events, params SipHeader[] extra)
    {
        if (!Offer.IsEmpty)
        {
            Dialog.Executor.RunOrPost(() => Dialog.Provisional(_transaction, 183, null, new ProvisionalSession(answer, contentType, events), extra));
        }
    }

    /// <summary>Answers 200 with a body: the answer to the offer in the INVITE, or our offer when it had none. Ignored after a CANCEL.</summary>
    /// <param name="body">Session description.</param>
    /// <param name="contentType">Its type, usually <c>application/sdp</c>.</param>
    /// <param name="events">Who hears of the dialog from now on.</param>
    /// <param name="extra">Further headers.</param>
    public void Accept(ReadOnlyMemory<byte> body, string contentType, ISipDialogEvents events, params SipHeader[] extra) =>
        Dialog.Executor.RunOrPost(() => Dialog.Accept(_transaction, body, contentType, events, extra));

    /// <summary>Refuses or redirects with a final response 300 to 699 (302 with a Contact header in <paramref name="extra"/>). Ignored after a CANCEL.</summary>
    public void Reject(int status, string? reason = null, params SipHeader[] extra)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Dialog.Executor.RunOrPost(() => Dialog.Reject(_transaction, status, reason, extra));
    }

    /// <summary>
    /// Sends the caller elsewhere (RFC 3261 section 21.3): 302 with the addresses to try, best first. Ignored after a CANCEL.
    /// </summary>
    /// <param name="targets">Where to; a <c>q</c> parameter says how good an address is.</param>
    /// <param name="extra">Further headers: Diversion (RFC 5806) says who diverted the call, History-Info (RFC 7044) which way it took.</param>
    /// <exception cref="ArgumentException">There is no target.</exception>
    public void Redirect(IReadOnlyList<NameAddress> targets, params SipHeader[] extra)
    {
        if (targets.Count == 0)
        {
            throw new ArgumentException("A redirection needs at least one address.", nameof(targets));
        }

        Reject(302, null, [.. targets.Select(target => new SipHeader("Contact", target.ToString())), .. extra]);
    }

    /// <summary>What the caller's CANCEL or BYE gave as its reasons (RFC 3326); empty while the call waits, and when nothing was said.</summary>
    public IReadOnlyList<SipReason> CancelReasons { get; private set; } = [];

    internal void LearnReasons(SipRequest end) => CancelReasons = SipReason.AllOf(end);

    /// <summary>Tells the trace of the call its id. Any thread.</summary>
    public void NameTrace(Postbell.Core.TraceId id) => _transaction.Stack.Options.Tap?.OnNamed(Request.CallId, id);

    /// <summary>Adds one line to the trace of the call. Any thread.</summary>
    public void NoteInTrace(string note) => _transaction.Stack.Options.Tap?.OnNote(Request.CallId, note);

    /// <summary>Tells the trace that the call failed and why, in one word; the first reason counts. Any thread.</summary>
    public void ReportFailure(string reason) => _transaction.Stack.Options.Tap?.OnFailed(Request.CallId, reason);

    internal void MarkCancelled() => _cancelled.Cancel();
}
