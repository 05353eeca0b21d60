using System.Globalization;
using System.Security.Cryptography;
using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;

namespace Postbell.Sip.Dialogs;

/// <summary>
/// Provisional responses to one INVITE whose caller requires them to be reliable (RFC 3262 section 3): each is numbered and repeated until its
/// PRACK comes, and the next waits for that. All on the dialog's executor.
/// </summary>
internal sealed class ReliableProvisionals(SipDialog dialog, SipStack stack, InviteServerTransaction transaction)
{
    /// <summary>The option tag of the extension.</summary>
    public const string OptionTag = "100rel";

    private readonly Queue<SipResponse> _waiting = new();
    private uint _number = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue / 2);
    private SipResponse? _unacknowledged;
    private WheelTimer? _timer;
    private TimeSpan _interval;
    private TimeSpan _passed;

    /// <summary>True when the sender of the message requires reliable provisional responses.</summary>
    public static bool IsRequiredBy(SipMessage message) => message.Headers.GetValues("Require").Contains(OptionTag, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the sender of the message can take reliable provisional responses.</summary>
    public static bool IsSupportedBy(SipMessage message) =>
        message.Headers.GetValues("Supported").Concat(message.Headers.GetValues("Require")).Contains(OptionTag, StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of a reliable response, or null when it is none.</summary>
    public static uint? NumberOf(SipResponse response) =>
        IsRequiredBy(response) && SipSyntax.TryNumber(response.Headers["RSeq"].AsSpan().Trim(), uint.MaxValue, out var number) ? (uint)number : null;

    /// <summary>True once a response with a session description was acknowledged.</summary>
    public bool IsAnswerDelivered { get; private set; }

    /// <summary>True while a response with a session description waits for its PRACK; a 2xx must wait with it (section 3).</summary>
    public bool IsAnswerUnderWay => _unacknowledged is { Body.IsEmpty: false } || _waiting.Any(response => !response.Body.IsEmpty);

    /// <summary>Sends a response, or lets it wait for the PRACK of the one before.</summary>
    public void Send(SipResponse response)
    {
        if (_unacknowledged is not null)
        {
            _waiting.Enqueue(response);
            return;
        }

        _number++;
        _unacknowledged = response;
        response.Headers.Add("Require", OptionTag);
        response.Headers.Add("RSeq", _number.ToString(CultureInfo.InvariantCulture));
        transaction.Respond(response);
        _passed = TimeSpan.Zero;
        _interval = stack.Options.Timers.T1;
        Schedule();
    }

    /// <summary>False when the PRACK names no response that waits for one.</summary>
    public bool Acknowledge(SipRequest prack)
    {
        var parts = (prack.Headers["RAck"] ?? "").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var matches = _unacknowledged is not null && parts.Length == 3
            && SipSyntax.TryNumber(parts[0], uint.MaxValue, out var number) && number == _number
            && SipSyntax.TryNumber(parts[1], int.MaxValue, out var sequence) && sequence == transaction.Request.CSeq.Number
            && parts[2] == SipMethods.Invite;
        if (!matches)
        {
            return false;
        }

        _timer?.Cancel();
        IsAnswerDelivered |= !_unacknowledged!.Body.IsEmpty;
        _unacknowledged = null;
        return true;
    }

    /// <summary>What waited may go now; after a final response nothing does.</summary>
    public void SendNext()
    {
        if (!transaction.IsAnswered && _waiting.TryDequeue(out var next))
        {
            Send(next);
        }
    }

    private void Schedule() => _timer = stack.Wheel.Schedule(_interval, dialog.Executor, Repeat);

    private void Repeat()
    {
        if (transaction.IsAnswered)
        {
            return;
        }

        _passed += _interval;
        var left = stack.Options.Timers.Timeout - _passed;
        if (left <= TimeSpan.Zero)
        {
            dialog.OnProvisionalNeverAcknowledged(transaction);
            return;
        }

        transaction.RepeatProvisional();
        _interval = _interval * 2 < left ? _interval * 2 : left;
        Schedule();
    }
}
