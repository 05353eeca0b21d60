namespace Postbell.Directory;

/// <summary>Where a person's messages are kept.</summary>
public enum DeliveryMode
{
    /// <summary>In the mailbox of this server.</summary>
    Integrated,

    /// <summary>In the organization's mail system, reached by SMTP, and nowhere else.</summary>
    Unified,
}
