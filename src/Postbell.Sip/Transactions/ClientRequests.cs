using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>Sends our own requests: picks the way, puts our Via on top, starts the client transaction.</summary>
internal sealed class ClientRequests(SipStack stack)
{
    /// <summary>What becomes of requests that no datagram should hold.</summary>
    public LargeRequests Large { get; } = new(stack);

    /// <summary>Starts a transaction; null when there is no local socket for the destination.</summary>
    /// <param name="request">A request without our Via; it gets it here.</param>
    /// <param name="to">Where.</param>
    /// <param name="known">A flow that is reused when it is an open connection to the same address.</param>
    /// <param name="executor">Where the transaction runs.</param>
    /// <param name="user">Who hears of responses.</param>
    public ClientTransaction? Send(SipRequest request, SipDestination to, SipFlow? known, SerialExecutor executor, IClientTransactionUser user)
    {
        if (Choose(to, known) is not { } flow)
        {
            return null;
        }

        Address(request, flow);
        ClientTransaction transaction = request.Method == SipMethods.Invite
            ? new InviteClientTransaction(stack, request, flow, executor, user)
            : new NonInviteClientTransaction(stack, request, flow, executor, user);
        Begin(transaction);
        return transaction;
    }

    /// <summary>
    /// Sends a request to the first destination that takes it, with credentials where it is challenged; false when there is no local socket for any. Not for
    /// the INVITE that begins a call.
    /// </summary>
    /// <param name="request">A request without our Via.</param>
    /// <param name="to">Where, in the order to try them.</param>
    /// <param name="known">A flow that is reused when it is an open connection to the same address.</param>
    /// <param name="executor">Where the transactions run.</param>
    /// <param name="user">Who hears of responses.</param>
    /// <param name="nextNumber">Gives CSeq numbers of the dialog; null outside of one.</param>
    public bool Deliver(
        SipRequest request, IReadOnlyList<SipDestination> to, SipFlow? known, SerialExecutor executor, IClientTransactionUser user, Func<uint>? nextNumber = null)
    {
        var credentials = CredentialsFor(to[0], known);
        return to.Count == 1 && credentials is null
            ? Send(request, to[0], known, executor, user) is not null
            : new RequestAttempts(stack, request, to, credentials, known, executor, user, nextNumber).Send();
    }

    /// <summary>Our credentials at who is there, else at whose dialog it is.</summary>
    public SipCredentials? CredentialsFor(SipDestination to, SipFlow? known)
    {
        var identity = to.ServerName is { } name ? new SipPeerIdentity([name]) : null;
        return stack.CredentialsFor(new SipPeer(to.EndPoint, to.Transport, identity, known?.User)) ?? (known is null ? null : stack.CredentialsFor(known.Peer));
    }

    /// <summary>CANCEL goes the way of its INVITE, with the same Via, Request-URI and routes (RFC 3261 section 9.1).</summary>
    public void Cancel(ClientTransaction invite, IEnumerable<SipHeader> extra, IClientTransactionUser user)
    {
        var headers = new SipHeaders();
        headers.Add("Via", invite.Request.Vias[0].ToString());
        foreach (var header in invite.Request.Headers.Where(header => header.Name is "Route" or "From" or "To" or "Call-ID" or "Max-Forwards"))
        {
            headers.Add(header.Name, header.Value);
        }

        headers.Add("CSeq", $"{invite.Request.CSeq.Number} CANCEL");
        foreach (var header in extra)
        {
            headers.Add(header.Name, header.Value);
        }

        var cancel = new SipRequest(SipMethods.Cancel, invite.Request.RequestUri, headers);
        Begin(new NonInviteClientTransaction(stack, cancel, invite.SentOver, invite.Executor, user));
    }

    /// <summary>Sends an ACK to a 2xx, which is a transaction of its own without answer; the result is the flow and bytes to send it again.</summary>
    public (SipFlow Flow, byte[] Bytes)? SendAck(SipRequest ack, SipDestination to, SipFlow known)
    {
        if (Choose(to, known) is not { } flow)
        {
            return null;
        }

        Address(ack, flow);
        var bytes = ack.ToBytes();
        flow.Send(bytes, null);
        return (flow, bytes);
    }

    private SipFlow? Choose(SipDestination to, SipFlow? known) =>
        known is { IsReliable: true, Channel.IsOpen: true } && to.Transport == known.Transport && to.EndPoint.Address.Equals(known.Remote.Address)
            ? known
            : stack.Network.Open(to);

    private void Address(SipRequest request, SipFlow flow)
    {
        request.Headers.Prepend("Via", stack.Responses.ViaOf(flow).ToString());
        stack.Responses.AnnounceOn(request, flow);
    }

    private void Begin(ClientTransaction transaction)
    {
        stack.Transactions.Add(transaction);
        transaction.Executor.RunOrPost(transaction.Begin);
    }
}
