using System.Collections.Frozen;
using Postbell.Smtp.Commands;
using Postbell.Smtp.Protocol;

namespace Postbell.Smtp.Session;

/// <summary>One row of the command table.</summary>
/// <param name="Verb">In capitals.</param>
/// <param name="States">Where the command is allowed.</param>
/// <param name="Doors">At which doors.</param>
/// <param name="CarriesMail">False for commands that may be repeated idly.</param>
/// <param name="RunAsync">What it does with its arguments; null when it has replied itself.</param>
internal sealed record CommandEntry(
    string Verb, SessionState States, Doors Doors, bool CarriesMail, Func<SmtpSession, ReadOnlyMemory<byte>, CancellationToken, ValueTask<Reply?>> RunAsync);

/// <summary>Sets of <see cref="SmtpDoor"/>.</summary>
[Flags]
internal enum Doors
{
    None = 0,
    Lmtp = 1 << SmtpDoor.Lmtp,
    Intake = 1 << SmtpDoor.Intake,
    Submission = 1 << SmtpDoor.Submission,
    Smtp = Intake | Submission,
    All = Lmtp | Smtp,
}

/// <summary>Which command is allowed in which state (RFC 5321 section 4.1.4), at which door, and where it is.</summary>
internal static class CommandTable
{
    private const SessionState Greeted = SessionState.Greeted;
    private const SessionState Open = SessionState.Sender | SessionState.Recipients;
    private const SessionState Known = Greeted | Open | SessionState.Chunks;
    private const SessionState Any = SessionState.Connected | Known;

    private static readonly CommandEntry[] Entries =
    [
        //   verb        states                                          doors             mail   where
        new("EHLO",      Any,                                            Doors.Smtp,       false, Ehlo.RunAsync),
        new("HELO",      Any,                                            Doors.Smtp,       false, Helo.RunAsync),
        new("LHLO",      Any,                                            Doors.Lmtp,       false, Ehlo.RunAsync),
        new("STARTTLS",  Greeted,                                        Doors.All,        false, StartTls.RunAsync),
        new("AUTH",      Greeted,                                        Doors.Submission, false, Auth.RunAsync),
        new("MAIL",      Greeted,                                        Doors.All,        true,  Mail.RunAsync),
        new("RCPT",      Open,                                           Doors.All,        true,  Rcpt.RunAsync),
        new("DATA",      SessionState.Recipients,                        Doors.All,        true,  Data.RunAsync),
        new("BDAT",      Any,                                            Doors.All,        true,  Bdat.RunAsync),
        new("RSET",      Any,                                            Doors.All,        false, Rset.RunAsync),
        new("NOOP",      Any,                                            Doors.All,        false, Noop.RunAsync),
        new("HELP",      Any,                                            Doors.All,        false, Help.RunAsync),
        new("VRFY",      Known,                                          Doors.All,        false, Vrfy.RunAsync),
        new("EXPN",      Known,                                          Doors.All,        false, Expn.RunAsync),
        new("QUIT",      Any,                                            Doors.All,        false, Quit.RunAsync),
    ];

    private static readonly FrozenDictionary<string, CommandEntry> ByVerb = Entries.ToFrozenDictionary(e => e.Verb, StringComparer.Ordinal);

    /// <summary>Every command.</summary>
    public static IReadOnlyList<CommandEntry> All => Entries;

    /// <summary>The row of a command, or null when there is none at that door.</summary>
    public static CommandEntry? Find(string verb, SmtpDoor door) =>
        ByVerb.TryGetValue(verb, out var entry) && entry.Doors.HasFlag((Doors)(1 << (int)door)) ? entry : null;
}
