namespace Postbell.SignIn;

/// <summary>What tells whether a secret is good cannot be reached: nobody is to blame for a wrong secret.</summary>
public sealed class SignInUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SignInUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
