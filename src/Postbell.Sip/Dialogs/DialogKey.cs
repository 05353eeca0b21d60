namespace Postbell.Sip.Dialogs;

/// <summary>The dialog id (RFC 3261 section 12). The remote tag is empty for peers of RFC 2543, which send none.</summary>
internal readonly record struct DialogKey(string CallId, string LocalTag, string RemoteTag);
