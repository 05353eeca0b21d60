namespace Postbell.SignIn;

/// <summary>What somebody shows to prove who he is. Failures are counted apart for each, since a PIN is guessed sooner than a password.</summary>
public enum SignInSecret
{
    /// <summary>The password.</summary>
    Password,

    /// <summary>The PIN of the telephone.</summary>
    Pin,

    /// <summary>A token of an identity provider. It cannot be guessed, so a wrong one counts against its source alone.</summary>
    Token,
}
