namespace Postbell.SignIn;

/// <summary>A lock that holds now.</summary>
/// <param name="Kind">account, source or pair (an account as seen from one network it is known from).</param>
/// <param name="Secret">password or pin; empty for a source.</param>
/// <param name="Name">Sign-in name; empty for a source.</param>
/// <param name="Source">Source or network; empty for an account.</param>
/// <param name="Until">When it ends.</param>
public sealed record SignInLock(string Kind, string Secret, string Name, string Source, DateTimeOffset Until);
