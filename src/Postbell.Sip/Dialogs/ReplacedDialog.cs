namespace Postbell.Sip.Dialogs;

/// <summary>A dialog that a new call wants to take the place of.</summary>
/// <param name="Dialog">The dialog.</param>
/// <param name="EarlyOnly">True when it may only be replaced while it is not answered.</param>
internal sealed record ReplacedDialog(SipDialog Dialog, bool EarlyOnly);
