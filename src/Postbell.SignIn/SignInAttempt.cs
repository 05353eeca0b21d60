namespace Postbell.SignIn;

/// <summary>One try to sign in.</summary>
public sealed record SignInAttempt
{
    /// <summary>Where.</summary>
    public required SignInDoor Door { get; init; }

    /// <summary>With what.</summary>
    public required SignInSecret Secret { get; init; }

    /// <summary>Where from: an IP address, or any other name of a place, such as a telephone number.</summary>
    public required string Source { get; init; }

    /// <summary>The name given, right or not; empty when the secret alone says who it is.</summary>
    public required string UserName { get; init; }

    /// <summary>
    /// The secret given, where the door has seen it; it is kept as a keyed hash only. A program that says the same old password again and again is slowed
    /// but does not lock its owner out.
    /// </summary>
    public string? Given { get; init; }
}
