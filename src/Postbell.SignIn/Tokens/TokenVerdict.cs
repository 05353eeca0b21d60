namespace Postbell.SignIn.Tokens;

/// <summary>Why a token is not good.</summary>
internal enum TokenProblem
{
    None,

    /// <summary>It has not the form of a token, or is too long.</summary>
    Malformed,

    /// <summary>It is signed in a way that is not taken: none, with a shared secret, or unknown.</summary>
    AlgorithmNotAllowed,

    /// <summary>It wants extensions understood that are not.</summary>
    CriticalExtension,

    /// <summary>No key of the provider has its name and fits its algorithm.</summary>
    UnknownKey,

    /// <summary>The signature is wrong.</summary>
    BadSignature,

    /// <summary>It is of another issuer.</summary>
    WrongIssuer,

    /// <summary>It is for somebody else.</summary>
    WrongAudience,

    /// <summary>It has run out, or says not when it does.</summary>
    Expired,

    /// <summary>It is not good yet.</summary>
    NotYetValid,

    /// <summary>Its scope has not the word that is wanted.</summary>
    MissingScope,

    /// <summary>It says not whose it is.</summary>
    NoUser,

    /// <summary>The provider says that it is not good.</summary>
    Inactive,
}

/// <summary>What a token is worth.</summary>
/// <param name="Problem">Why it is not good; None when it is.</param>
/// <param name="User">Whose it is.</param>
/// <param name="ExpiresAt">Until when.</param>
internal readonly record struct TokenVerdict(TokenProblem Problem, string User = "", DateTimeOffset ExpiresAt = default);
