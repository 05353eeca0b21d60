namespace Postbell.Smtp.Receiving;

/// <summary>Steps of a message that came by mail as its ledger names them. They are stored: a name never changes.</summary>
internal static class MailStage
{
    /// <summary>Durable in a mailbox, as of other messages.</summary>
    public const string Committed = "committed";

    /// <summary>It did not get into a mailbox; the detail is our reply.</summary>
    public const string Refused = "refused";

    /// <summary>Its sender got an automatic reply.</summary>
    public const string Replied = "replied";
}
