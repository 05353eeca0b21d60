using Postbell.Imap.Commands;

namespace Postbell.Imap.Session;

/// <summary>One name of the capability list.</summary>
/// <param name="Name">As it is announced.</param>
/// <param name="IsOffered">True while the session offers it.</param>
/// <param name="Value">What stands behind an equals sign, where that depends on the settings.</param>
internal sealed record CapabilityEntry(string Name, Func<ImapSession, bool> IsOffered, Func<ImapSession, object>? Value = null);

/// <summary>Everything the door can announce (RFC 3501 section 7.2.1), in the order it is told. What stands here works.</summary>
internal static class CapabilityTable
{
    private static readonly CapabilityEntry[] Entries =
    [
        //   name            offered
        new("IMAP4rev1",     Always),
        new("IMAP4rev2",     Always),
        new("LITERAL+",      Always),
        new("SASL-IR",       Always),
        new("ID",            Always),
        new("ENABLE",        Always),
        new("IDLE",          Always),
        new("NAMESPACE",     Always),
        new("ACL",           Always),
        new("METADATA",      Always),
        new("RIGHTS=kxte",   Always),
        new("UIDPLUS",       Always),
        new("MOVE",          Always),
        new("UNSELECT",      Always),
        new("CHILDREN",      Always),
        new("SPECIAL-USE",   Always),
        new("CONDSTORE",     Always),
        new("QRESYNC",       Always),
        new("CREATE-SPECIAL-USE", Always),
        new("LIST-EXTENDED", Always),
        new("LIST-STATUS",   Always),
        new("STATUS=SIZE",   Always),
        new("ESEARCH",       Always),
        new("SEARCHRES",     Always),
        new("WITHIN",        Always),
        new("SEARCH=FUZZY",  Always),
        new("PARTIAL",       Always),
        new("SORT",          Always),
        new("SORT=DISPLAY",  Always),
        new("ESORT",         Always),
        new("THREAD=REFERENCES", Always),
        new("THREAD=ORDEREDSUBJECT", Always),
        new("NOTIFY",        Always),
        new("BINARY",        Always),
        new("PREVIEW",       Always),
        new("SAVEDATE",      Always),
        new("OBJECTID",      Always),
        new("QUOTA",         Always),
        new("QUOTA=RES-STORAGE", Always),
        new("QUOTA=RES-MESSAGE", Always),
        new("MULTIAPPEND",   Always),
        new("REPLACE",       Always),
        new("UTF8=ACCEPT",   Always),
        new("APPENDLIMIT",   Always, static s => s.Connection.Limits.MessageBytes),
        new("COMPRESS=DEFLATE", static s => !s.Connection.IsCompressed),
        new("STARTTLS",      static s => BeforeLogin(s) && StartTls.IsOffered(s)),
        new("AUTH",          static s => BeforeLogin(s) && Login.IsAllowed(s), static s => string.Join(" AUTH=", s.Services.Desk.Mechanisms(Login.PeerOf(s)))),
        new("LOGINDISABLED", static s => BeforeLogin(s) && !Login.IsAllowed(s)),
    ];

    /// <summary>The names a session is told in its state, separated by spaces.</summary>
    public static string Names(ImapSession session) => string.Join(
        ' ', Entries.Where(e => e.IsOffered(session)).Select(e => e.Value is null ? e.Name : $"{e.Name}={e.Value(session)}"));

    private static bool Always(ImapSession session) => true;

    private static bool BeforeLogin(ImapSession session) => session.State == SessionState.NotAuthenticated;
}
