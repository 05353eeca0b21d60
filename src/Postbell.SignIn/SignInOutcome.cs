using Postbell.Mailbox;

namespace Postbell.SignIn;

/// <summary>How a try to sign in ended.</summary>
public enum SignInVerdict
{
    /// <summary>Name or secret is wrong. What nobody has decided is refused.</summary>
    Refused,

    /// <summary>Signed in.</summary>
    Accepted,

    /// <summary>Nothing was looked at: too many refusals of this account or this source. The same for names that do not exist.</summary>
    Locked,

    /// <summary>Nothing was looked at: too many others are waiting before.</summary>
    Busy,

    /// <summary>Nothing was looked at: what tells whether the secret is good cannot be reached.</summary>
    Unavailable,
}

/// <summary>How a try to sign in ended, and who it is.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Account">The person; only when accepted.</param>
public readonly record struct SignInOutcome(SignInVerdict Verdict, Account? Account);
