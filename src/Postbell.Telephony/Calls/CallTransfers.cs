using Postbell.Core;
using Postbell.Sip;

namespace Postbell.Telephony.Calls;

/// <summary>Transfers of running calls that an administrator asks for. Safe from any thread.</summary>
/// <param name="calls">The running calls.</param>
/// <param name="outbound">Calls the target first, for attended transfers.</param>
/// <param name="options">Codecs of such calls.</param>
public sealed class CallTransfers(ActiveCalls calls, OutboundCalls outbound, TelephonyOptions options)
{
    /// <summary>Sends a caller on. The call ends once its gateway has taken the caller; otherwise it goes on.</summary>
    /// <param name="id">The call.</param>
    /// <param name="target">Number; the dial plan of the call must allow it.</param>
    /// <param name="attended">Calls the target first and asks the gateway to join both; otherwise the gateway calls it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<CallTransferResult> TransferAsync(TraceId id, string target, bool attended, CancellationToken cancellation)
    {
        if (calls.Find(id) is not { } call)
        {
            return new CallTransferResult(CallTransferProblem.NoSuchCall);
        }

        if (!call.Route.DialPlan.AllowsTransferTo(target))
        {
            return new CallTransferResult(CallTransferProblem.TargetNotAllowed);
        }

        var result = attended
            ? await JoinAsync(call, target, cancellation)
            : ResultOf(await OnExecutorAsync(call, () => call.TransferAsync(target), cancellation));
        call.NoteInTrace($"transfer to {target}{(attended ? ", attended" : "")}: {result}");
        return result;
    }

    private async Task<CallTransferResult> JoinAsync(InboundCall call, string target, CancellationToken cancellation)
    {
        var (other, refusal) = outbound.Place(new OutboundCallRequest
        {
            DialPlan = call.Route.DialPlan,
            Gateway = call.Route.Gateway,
            Number = target,
            Voice = options.Voice,
            CallerNumber = call.Route.Person.Extension,
            CallerName = call.Route.Person.DisplayName,
            OnBehalfOf = call,
        });
        if (other is null)
        {
            return new CallTransferResult(CallTransferProblem.NotCalled) { Refusal = refusal };
        }

        await using (other)
        {
            await using var gone = call.Hangup.UnsafeRegister(static called => ((OutboundCall)called!).Post(CallEnd.Cancelled), other);
            var answer = await other.Result.WaitAsync(cancellation);
            return answer == OutboundResult.Answered
                ? ResultOf(await OnExecutorAsync(call, () => call.TransferAsync(other), cancellation))
                : new CallTransferResult(CallTransferProblem.NotAnswered) { Answer = answer };
        }
    }

    private static async Task<TransferOutcome> OnExecutorAsync(InboundCall call, Func<Task<TransferOutcome>> transfer, CancellationToken cancellation)
    {
        var outcome = new TransferOutcome(TransferEnd.CallEnded, 0, WasAccepted: false);
        await call.Executor.RunAsync(async () => outcome = await transfer()).WaitAsync(cancellation);
        return outcome;
    }

    private static CallTransferResult ResultOf(TransferOutcome outcome) => new(
        outcome.End == TransferEnd.Succeeded || (outcome.WasAccepted && outcome.End is TransferEnd.CallEnded or TransferEnd.NotReported)
            ? CallTransferProblem.None : CallTransferProblem.NotTransferred) { Outcome = outcome };
}

/// <summary>Why a caller was not sent on.</summary>
public enum CallTransferProblem
{
    /// <summary>The caller was.</summary>
    None,

    /// <summary>The call is over, or never was.</summary>
    NoSuchCall,

    /// <summary>The target is no extension of the call's dial plan and fits none of its numbering plan formats.</summary>
    TargetNotAllowed,

    /// <summary>The target could not be called.</summary>
    NotCalled,

    /// <summary>The target did not answer.</summary>
    NotAnswered,

    /// <summary>The gateway did not transfer.</summary>
    NotTransferred,
}

/// <summary>What became of a transfer.</summary>
/// <param name="Problem">Why it failed; <see cref="CallTransferProblem.None"/> when it did not.</param>
public sealed record CallTransferResult(CallTransferProblem Problem)
{
    /// <summary>What the gateway said; null when it was not asked.</summary>
    public TransferOutcome? Outcome { get; init; }

    /// <summary>Why the target was not called.</summary>
    public OutboundRefusal Refusal { get; init; }

    /// <summary>What became of the call to the target; null when there was none.</summary>
    public OutboundResult? Answer { get; init; }

    /// <summary>In words, for people.</summary>
    public override string ToString() => Problem switch
    {
        CallTransferProblem.None => "done",
        CallTransferProblem.NoSuchCall => "there is no such call",
        CallTransferProblem.TargetNotAllowed => "the dial plan of the call does not allow this target",
        CallTransferProblem.NotCalled => $"the target could not be called: {Refusal}",
        CallTransferProblem.NotAnswered => $"the target did not answer: {Answer}",
        _ => Outcome is { Status: > 0 } outcome ? $"the gateway did not transfer: {outcome.End}, status {outcome.Status}" : $"the gateway did not transfer: {Outcome?.End}",
    };
}
