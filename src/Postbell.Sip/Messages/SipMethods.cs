using System.Text;

namespace Postbell.Sip.Messages;

/// <summary>Method names (RFC 3261 section 7.1 and extensions). They are case-sensitive.</summary>
public static class SipMethods
{
    /// <summary>Opens a session or changes one.</summary>
    public const string Invite = "INVITE";

    /// <summary>Confirms a final response to INVITE.</summary>
    public const string Ack = "ACK";

    /// <summary>Ends a session.</summary>
    public const string Bye = "BYE";

    /// <summary>Withdraws an INVITE that has no final response yet.</summary>
    public const string Cancel = "CANCEL";

    /// <summary>Asks for capabilities.</summary>
    public const string Options = "OPTIONS";

    /// <summary>Changes a session without affecting the dialog (RFC 3311).</summary>
    public const string Update = "UPDATE";

    /// <summary>Application information inside a dialog (RFC 6086).</summary>
    public const string Info = "INFO";

    /// <summary>Reports an event (RFC 6665).</summary>
    public const string Notify = "NOTIFY";

    /// <summary>Asks to be notified of events (RFC 6665).</summary>
    public const string Subscribe = "SUBSCRIBE";

    /// <summary>Hands over event state (RFC 3903).</summary>
    public const string Publish = "PUBLISH";

    /// <summary>Asks for a transfer (RFC 3515).</summary>
    public const string Refer = "REFER";

    /// <summary>Page-mode instant message (RFC 3428).</summary>
    public const string Message = "MESSAGE";

    /// <summary>Binds an address of record (RFC 3261 section 10).</summary>
    public const string Register = "REGISTER";

    /// <summary>Acknowledges a reliable provisional response (RFC 3262).</summary>
    public const string Prack = "PRACK";

    internal static readonly string[] Known =
    [
        Invite, Ack, Bye, Cancel, Options, Update, Info, Notify, Subscribe, Publish, Refer, Message, Register, Prack,
    ];

    /// <summary>The method as text: the shared constant for known methods.</summary>
    internal static string Canonical(ReadOnlySpan<byte> name)
    {
        foreach (var known in Known)
        {
            if (known.Length == name.Length && Ascii.Equals(name, known))
            {
                return known;
            }
        }

        return Encoding.ASCII.GetString(name);
    }
}
