using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Transactions;

/// <summary>
/// One request of ours until somebody has answered it: at the next destination where one does not answer or says 503 (RFC 3263 section 4.3), and once more
/// with credentials where it is challenged (RFC 3261 section 22). The user hears the last final response alone. For requests other than the INVITE that
/// begins a call, which has more to decide.
/// </summary>
internal sealed class RequestAttempts : IClientTransactionUser
{
    private readonly SipStack _stack;
    private readonly IReadOnlyList<SipDestination> _to;
    private readonly SipFlow? _known;
    private readonly SerialExecutor _executor;
    private readonly IClientTransactionUser _user;
    private readonly Func<uint>? _nextNumber;
    private readonly SipRequest _bare;
    private readonly DigestResponder? _digest;
    private SipRequest _request;
    private int _index = -1;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="request">A request without our Via.</param>
    /// <param name="to">Where, in the order to try them.</param>
    /// <param name="credentials">For challenges; null answers none.</param>
    /// <param name="known">A flow that is reused when it is an open connection to the same address.</param>
    /// <param name="executor">Where the transactions run.</param>
    /// <param name="user">Who hears of responses.</param>
    /// <param name="nextNumber">Gives CSeq numbers of the dialog; null counts on from the request's own.</param>
    public RequestAttempts(
        SipStack stack,
        SipRequest request,
        IReadOnlyList<SipDestination> to,
        SipCredentials? credentials,
        SipFlow? known,
        SerialExecutor executor,
        IClientTransactionUser user,
        Func<uint>? nextNumber)
    {
        _stack = stack;
        _to = to;
        _known = known;
        _executor = executor;
        _user = user;
        _nextNumber = nextNumber;
        _digest = credentials is null ? null : new DigestResponder(credentials);
        _request = request;
        // What is added for one way (Via, Contact) does not hold for another.
        _bare = new SipRequest(request.Method, request.RequestUri, new SipHeaders(request.Headers), request.Body);
    }

    /// <summary>Sends it; false when there is no local socket for any destination.</summary>
    public bool Send() => SendToNext();

    /// <inheritdoc />
    public void OnResponse(SipResponse response)
    {
        if (response.IsProvisional || response.IsSuccess || !(GoesOn(response) || IsAnswered(response)))
        {
            _user.OnResponse(response);
        }
    }

    private bool GoesOn(SipResponse response)
    {
        if (response.Status != 503 && !response.IsLocal)
        {
            _stack.Options.Unreachable?.Remove(_to[_index]);
            return false;
        }

        _stack.Options.Unreachable?.Add(_to[_index]);
        if (_index + 1 >= _to.Count)
        {
            return false;
        }

        Renew(_request.CSeq.Number);
        return SendToNext();
    }

    private bool IsAnswered(SipResponse response)
    {
        if (response.Status is not (401 or 407) || _digest is null)
        {
            return false;
        }

        var refusal = _digest.Take(response);
        _stack.Statistics.CountChallenge(refusal);
        if (refusal != DigestRefusal.None)
        {
            return false;
        }

        Renew(_nextNumber?.Invoke() ?? _request.CSeq.Number + 1);
        return Send(_to[_index]);
    }

    private void Renew(uint number)
    {
        _request = new SipRequest(_bare.Method, _bare.RequestUri, new SipHeaders(_bare.Headers), _bare.Body);
        _request.Headers.Set("CSeq", string.Create(CultureInfo.InvariantCulture, $"{number} {_bare.Method}"));
        _digest?.AddTo(_request.Headers, _request.Method, _request.RequestUri);
        _user.OnRenewed(_request);
    }

    private bool SendToNext()
    {
        while (++_index < _to.Count)
        {
            if (Send(_to[_index]))
            {
                return true;
            }
        }

        _index = _to.Count - 1;
        return false;
    }

    private bool Send(SipDestination to) => _stack.Clients.Send(_request, to, _known, _executor, this) is not null;
}
