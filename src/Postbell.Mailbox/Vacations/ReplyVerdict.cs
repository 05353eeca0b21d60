namespace Postbell.Mailbox;

/// <summary>Whether a message gets an automatic reply, or why not (RFC 3834 section 2).</summary>
public enum ReplyVerdict
{
    /// <summary>It does.</summary>
    Reply,

    /// <summary>The envelope names no sender, or none that a reply can go to.</summary>
    NoSender,

    /// <summary>The sender is a program by its name (<c>MAILER-DAEMON</c>, <c>owner-...</c>, <c>...-request</c>, <c>no-reply</c>).</summary>
    SenderIsProgram,

    /// <summary>The person wrote it.</summary>
    OwnMessage,

    /// <summary>It says that a program made it (<c>Auto-Submitted</c>), or wants no reply (<c>X-Auto-Response-Suppress</c>).</summary>
    Automatic,

    /// <summary>It came through a list (<c>List-*</c>, <c>Precedence: bulk</c>).</summary>
    List,

    /// <summary>None of the person's addresses is in To or Cc.</summary>
    NotAddressed,

    /// <summary>It is a voice message, fax or note of a call.</summary>
    NotMail,
}
