using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.SignIn;

namespace Postbell.Server.Hosting;

/// <summary>What mailbox policies say about wrong passwords, in the guard's words.</summary>
internal static class PolicySignIn
{
    /// <summary>What an account stands. A name that does not exist stands what most people do, so that a lock does not tell it from one that does.</summary>
    public static SignInRule RuleOf(Organization organization, Account? account, SignInSecret secret)
    {
        if (secret == SignInSecret.Pin)
        {
            return SignInRule.Pin;
        }

        var policy = account is not null ? PolicyQuota.PolicyOf(organization, account) : organization.MailboxPolicies is [var first, ..] ? first : null;
        return policy is null ? SignInRule.Password : new SignInRule(policy.PasswordFailuresBeforeLock, policy.PasswordLockTime);
    }
}
