using Postbell.Sip.Dialogs;

namespace Postbell.Sip;

/// <content>Calls that take the place of others (RFC 3891).</content>
public sealed partial class SipDialog
{
    /// <summary>The dialog this one is to take the place of, on the same executor.</summary>
    internal ReplacedDialog? Replaced { get; init; }

    /// <summary>Section 3: a call that is over cannot be replaced (603), one that still rings here neither (481), an answered one not as an early one (486).</summary>
    private (int Status, string? Reason)? ReplacedRefusal() => Replaced switch
    {
        null => null,
        { Dialog._closing: true } => (603, "Call To Be Replaced Has Ended"),
        { Dialog._inviteTransaction: { IsAnswered: false } } => (481, null),
        { EarlyOnly: true } => (486, "Call To Be Replaced Is Answered"),
        _ => null,
    };

    private void EndReplaced() => Replaced?.Dialog.EndWithBye(SipDialogEndKind.Replaced, []);
}
