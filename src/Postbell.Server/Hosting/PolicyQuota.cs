using Postbell.Directory;
using Postbell.Mailbox;

namespace Postbell.Server.Hosting;

/// <summary>What mailbox policies say about the size of mailboxes, in the store's words.</summary>
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

    /// <summary>The policy of an account: its own, else that of its dial plan; null when there is none.</summary>
    public static MailboxPolicy? PolicyOf(Organization organization, Account account) =>
        organization.FindPolicy(account.Policy) is { } named && named.DialPlan.Equals(account.DialPlan, StringComparison.OrdinalIgnoreCase)
            ? named
            : organization.DefaultPolicyOf(account.DialPlan);
}
