using Postbell.Directory;
using Postbell.Mailbox;

namespace Postbell.Server.Hosting;

/// <summary>What mailbox policies say about the size of mailboxes and how long they keep what, in the store's words.</summary>
internal static class PolicyQuota
{
    /// <summary>The limits of an account: by its own policy, else by that of its dial plan.</summary>
    public static MailboxQuota Of(Organization organization, Account account)
    {
        var policy = PolicyOf(organization, account);
        return policy is null ? MailboxQuota.Unlimited : new MailboxQuota
        {
            StorageWarning = policy.IssueWarningQuota, StorageLimit = policy.ProhibitSendReceiveQuota, MessageLimit = policy.MessageCountQuota,
        };
    }

    /// <summary>How long an account's mailbox keeps what, by the same policy.</summary>
    public static MailboxRetention RetentionOf(Organization organization, Account account) => PolicyOf(organization, account) is not { } policy
        ? new MailboxRetention { DeletedItemRetention = new MailboxPolicy { Name = "", DialPlan = "" }.DeletedItemRetention }
        : new MailboxRetention
        {
            DeletedItemRetention = policy.DeletedItemRetention,
            Rules = [.. policy.RetentionRules.Select(static rule => new RetentionRule(rule.Folder, KindOf(rule.Class), rule.Age))],
        };

    private static MessageKind? KindOf(MessageClass kind) => kind switch
    {
        MessageClass.Mail => MessageKind.Mail,
        MessageClass.Voice => MessageKind.Voice,
        MessageClass.MissedCall => MessageKind.MissedCall,
        MessageClass.Fax => MessageKind.Fax,
        _ => null,
    };

    /// <summary>The policy of an account: its own, else that of its dial plan; null when there is none.</summary>
    public static MailboxPolicy? PolicyOf(Organization organization, Account account) =>
        organization.FindPolicy(account.Policy) is { } named && named.DialPlan.Equals(account.DialPlan, StringComparison.OrdinalIgnoreCase)
            ? named
            : organization.DefaultPolicyOf(account.DialPlan);
}
