namespace Postbell.SignIn;

/// <summary>How many wrong secrets an account stands.</summary>
/// <param name="FailuresBeforeLock">Refusals after which strangers are locked out; at least 1.</param>
/// <param name="LockTime">For how long.</param>
public sealed record SignInRule(int FailuresBeforeLock, TimeSpan LockTime)
{
    /// <summary>For passwords, where no policy says otherwise.</summary>
    public static SignInRule Password { get; } = new(50, TimeSpan.FromMinutes(15));

    /// <summary>For PINs: 15, as mailbox policies of voice mail have it.</summary>
    public static SignInRule Pin { get; } = new(15, TimeSpan.FromMinutes(15));
}
