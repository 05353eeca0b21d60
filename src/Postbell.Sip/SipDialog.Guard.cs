using Postbell.Core;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip;

/// <content>Limits of the time an INVITE may wait for its final response.</content>
public sealed partial class SipDialog
{
    private WheelTimer? _answerLimit;
    private bool _progressed;

    /// <summary>
    /// The caller's own limit (Expires, RFC 3261 section 13.3.1) ends in 487; ours in 480 when something was heard of the call, else in 500: then
    /// nobody took care of it.
    /// </summary>
    private void LimitAnswer(InviteServerTransaction transaction)
    {
        var limit = _stack.Options.AnswerTimeout;
        var byCaller = SipSyntax.TryNumber(transaction.Request.Headers["Expires"].AsSpan().Trim(), uint.MaxValue, out var seconds)
            && seconds < limit.TotalSeconds;
        _answerLimit = _stack.Wheel.Schedule(byCaller ? TimeSpan.FromSeconds(seconds) : limit, Executor, () =>
        {
            if (!transaction.IsAnswered)
            {
                var (status, reason) = byCaller ? (487, "Invitation Expired") : _progressed ? (480, "Not Answered In Time") : (500, "Call Not Handled");
                Respond(transaction, status, reason, []);
                CloseUnanswered();
            }
        });
    }

    /// <summary>An application that forgets an offer must not hold the peer up for ever.</summary>
    private void LimitOffer(ServerTransaction transaction) => _stack.Wheel.Schedule(_stack.Options.Timers.Timeout, Executor, () =>
    {
        if (!transaction.IsAnswered && !_closing)
        {
            RejectOffer(transaction, 500, "Offer Not Handled", []);
        }
    });
}
