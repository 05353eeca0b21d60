using System.Net;
using Postbell.Sip.Messages;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;

namespace Postbell.Sip;

/// <summary>A request other than INVITE that waits for its answer.</summary>
public sealed class IncomingRequest
{
    private readonly ServerTransaction _transaction;
    private int _answered;

    internal IncomingRequest(ServerTransaction transaction, string localTag)
    {
        _transaction = transaction;
        LocalTag = localTag;
    }

    /// <summary>The request.</summary>
    public SipRequest Request => _transaction.Request;

    /// <summary>The To tag of its answer: ours in the dialog that a SUBSCRIBE opens.</summary>
    public string LocalTag { get; }

    /// <summary>Address it came from.</summary>
    public IPEndPoint Source => _transaction.Flow.Remote;

    /// <summary>Transport it came over.</summary>
    public SipTransport Transport => _transaction.Flow.Transport;

    /// <summary>Who sent it, with the names its certificate proves.</summary>
    public SipPeer Peer => _transaction.Flow.Peer;

    /// <summary>Our address the peer reached.</summary>
    public IPEndPoint LocalEndPoint => _transaction.Flow.Local;

    /// <summary>The way it came.</summary>
    internal SipFlow Flow => _transaction.Flow;

    /// <summary>Sends the final answer; calls after the first are ignored. From any thread.</summary>
    /// <param name="status">200 to 699.</param>
    /// <param name="reason">Reason phrase; null is the usual one.</param>
    /// <param name="extra">Further headers.</param>
    public void Respond(int status, string? reason = null, params SipHeader[] extra) => Respond(status, reason, default, null, extra);

    /// <summary>Sends the final answer with a body; calls after the first are ignored. From any thread.</summary>
    /// <param name="status">200 to 699.</param>
    /// <param name="reason">Reason phrase; null is the usual one.</param>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="extra">Further headers.</param>
    public void Respond(int status, string? reason, ReadOnlyMemory<byte> body, string? contentType, params SipHeader[] extra)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            return;
        }

        var response = _transaction.Stack.Responses.Build(_transaction, status, reason, LocalTag, body, contentType, extra);
        _transaction.Executor.RunOrPost(() => _transaction.Respond(response));
    }
}
