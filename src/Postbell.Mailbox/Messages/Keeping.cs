namespace Postbell.Mailbox.Messages;

/// <summary>What of removed messages is kept so that it can be brought back.</summary>
internal enum Keeping
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>All but drafts: programs store one anew every few seconds while somebody writes.</summary>
    NoDrafts,

    /// <summary>All, because of a legal hold.</summary>
    All,
}
