namespace Postbell.SignIn;

/// <summary>How an exchange ended.</summary>
public enum SaslEnd
{
    /// <summary>To its end: the outcome says whether somebody signed in.</summary>
    Finished,

    /// <summary>There is no such mechanism here.</summary>
    NotOffered,

    /// <summary>The client gave up.</summary>
    GivenUp,

    /// <summary>An answer is not base64.</summary>
    NotBase64,

    /// <summary>An answer is not what the mechanism says it must be.</summary>
    Malformed,
}

/// <summary>How an exchange ended.</summary>
/// <param name="End">How.</param>
/// <param name="UserName">The name that was given, for logs; empty when none was.</param>
/// <param name="Outcome">Who signed in, or why nobody; only when finished.</param>
public readonly record struct SaslResult(SaslEnd End, string UserName, SignInOutcome Outcome);
