namespace Postbell.Sip.Messages;

/// <summary>One header line: name and raw value. Line breaks and other control characters in the value never reach the wire (the writer blanks them).</summary>
/// <param name="Name">Header name; compact forms and other spellings are accepted.</param>
/// <param name="Value">Value without surrounding blanks, folded lines joined by one blank.</param>
public readonly record struct SipHeader(string Name, string Value);
