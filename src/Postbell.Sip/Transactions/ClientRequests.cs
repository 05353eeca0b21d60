using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>Sends our own requests: picks the way, puts our Via on top, starts the client transaction.</summary>
internal sealed class ClientRequests(SipStack stack)
{
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
        Begin(new NonInviteClientTransaction(stack, cancel, invite.Flow, invite.Executor, user));
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
