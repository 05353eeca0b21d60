using System.Collections.Frozen;
using Postbell.Imap.Commands;

namespace Postbell.Imap.Session;

/// <summary>Which command is allowed in which state (RFC 3501 section 3), what its answer may tell, and where it is.</summary>
internal static class CommandTable
{
    private const SessionState Start = SessionState.NotAuthenticated;
    private const SessionState Chosen = SessionState.Selected;
    private const SessionState Known = SessionState.Authenticated | SessionState.Selected;
    private const SessionState Any = Start | Known;

    private static readonly CommandEntry[] Entries =
    [
        //   name            states   UID    telling                         where
        new("CAPABILITY",    Any,     false, Telling.Everything,             Capability.RunAsync),
        new("ID",            Any,     false, Telling.Everything,             Id.RunAsync),
        new("NOOP",          Any,     false, Telling.LookAndTellEverything,  Noop.RunAsync),
        new("LOGOUT",        Any,     false, Telling.Nothing,                Logout.RunAsync),
        new("STARTTLS",      Start,   false, Telling.Nothing,                StartTls.RunAsync),
        new("AUTHENTICATE",  Start,   false, Telling.Nothing,                Authenticate.RunAsync),
        new("LOGIN",         Start,   false, Telling.Nothing,                Login.RunAsync),
        new("ENABLE",        Known,   false, Telling.Everything,             Enable.RunAsync),
        new("NAMESPACE",     Known,   false, Telling.Everything,             Namespace.RunAsync),
        new("GETMETADATA",   Known,   false, Telling.Everything,             GetMetadata.RunAsync),
        new("SETMETADATA",   Known,   false, Telling.Everything,             SetMetadata.RunAsync),
        new("GETACL",        Known,   false, Telling.Everything,             GetAcl.RunAsync),
        new("SETACL",        Known,   false, Telling.Everything,             SetAcl.RunAsync),
        new("DELETEACL",     Known,   false, Telling.Everything,             DeleteAcl.RunAsync),
        new("LISTRIGHTS",    Known,   false, Telling.Everything,             ListRights.RunAsync),
        new("MYRIGHTS",      Known,   false, Telling.Everything,             MyRights.RunAsync),
        new("LIST",          Known,   false, Telling.Everything,             List.RunAsync),
        new("LSUB",          Known,   false, Telling.Everything,             Lsub.RunAsync),
        new("STATUS",        Known,   false, Telling.Everything,             Status.RunAsync),
        new("GETQUOTA",      Known,   false, Telling.Everything,             GetQuota.RunAsync),
        new("GETQUOTAROOT",  Known,   false, Telling.Everything,             GetQuotaRoot.RunAsync),
        new("SETQUOTA",      Known,   false, Telling.Everything,             SetQuota.RunAsync),
        new("SELECT",        Known,   false, Telling.Nothing,                Select.RunAsync),
        new("EXAMINE",       Known,   false, Telling.Nothing,                Examine.RunAsync),
        new("CREATE",        Known,   false, Telling.Everything,             Create.RunAsync),
        new("DELETE",        Known,   false, Telling.Everything,             Delete.RunAsync),
        new("RENAME",        Known,   false, Telling.LookAndTellEverything,  Rename.RunAsync),
        new("SUBSCRIBE",     Known,   false, Telling.Everything,             Subscribe.RunAsync),
        new("UNSUBSCRIBE",   Known,   false, Telling.Everything,             Unsubscribe.RunAsync),
        new("APPEND",        Known,   false, Telling.LookAndTellEverything,  Append.RunAsync),
        new("XCHANGE_TUI_PWD", Known, false, Telling.Everything,             ChangeTuiPassword.RunAsync),
        new("XCHANGE_VM_LANG", Known, false, Telling.Everything,             ChangeVoiceLanguage.RunAsync),
        new("XCLOSE_NUT",    Known,   false, Telling.Everything,             CloseNewUserTutorial.RunAsync),
        new("COMPRESS",      Known,   false, Telling.Everything,             Compress.RunAsync),
        new("NOTIFY",        Known,   false, Telling.Everything,             Notify.RunAsync),
        new("IDLE",          Known,   false, Telling.Everything,             Idle.RunAsync),
        new("CHECK",         Chosen,  false, Telling.LookAndTellEverything,  Check.RunAsync),
        new("CLOSE",         Chosen,  false, Telling.Nothing,                Close.RunAsync),
        new("UNSELECT",      Chosen,  false, Telling.Nothing,                Unselect.RunAsync),
        new("EXPUNGE",       Chosen,  true,  Telling.LookAndTellEverything,  Expunge.RunAsync),
        new("SEARCH",        Chosen,  true,  Telling.NumbersStay,            Search.RunAsync),
        new("SORT",          Chosen,  true,  Telling.NumbersStay,            Sort.RunAsync),
        new("THREAD",        Chosen,  true,  Telling.NumbersStay,            Commands.Thread.RunAsync),
        new("FETCH",         Chosen,  true,  Telling.NumbersStay,            Fetch.RunAsync),
        new("STORE",         Chosen,  true,  Telling.NumbersStay,            Store.RunAsync),
        new("REPLACE",       Chosen,  true,  Telling.LookAndTellEverything,  Replace.RunAsync),
        new("COPY",          Chosen,  true,  Telling.LookAndTellEverything,  Copy.RunAsync),
        new("MOVE",          Chosen,  true,  Telling.LookAndTellEverything,  Move.RunAsync),
    ];

    private static readonly FrozenDictionary<string, CommandEntry> ByName = Entries.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>Every command.</summary>
    public static IReadOnlyList<CommandEntry> All => Entries;

    /// <summary>The row of a command, or null when there is no such command or it has no UID form.</summary>
    public static CommandEntry? Find(string name, bool uid) => ByName.TryGetValue(name, out var entry) && (!uid || entry.HasUidForm) ? entry : null;
}
