namespace Postbell.Sip.Dialogs;

/// <summary>The session description in a provisional response, and who hears of changes to it before the call is answered.</summary>
internal sealed record ProvisionalSession(ReadOnlyMemory<byte> Description, string ContentType, ISipDialogEvents Events);
