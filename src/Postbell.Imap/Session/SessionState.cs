namespace Postbell.Imap.Session;

/// <summary>The states of RFC 3501 section 3, as flags so that a command can name all it is allowed in.</summary>
[Flags]
internal enum SessionState
{
    None = 0,
    NotAuthenticated = 1,
    Authenticated = 2,
    Selected = 4,
    Logout = 8,
}
