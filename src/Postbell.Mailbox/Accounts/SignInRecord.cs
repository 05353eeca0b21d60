namespace Postbell.Mailbox;

/// <summary>What is remembered of refused sign-ins of one subject.</summary>
/// <param name="Subject">Whom it is about, at most 400 characters.</param>
/// <param name="Failures">Refusals that count.</param>
/// <param name="Locks">How often it was locked.</param>
/// <param name="LastAt">When it last changed.</param>
/// <param name="LockedUntil">End of the lock; in the past when there is none.</param>
public sealed record SignInRecord(string Subject, int Failures, int Locks, DateTimeOffset LastAt, DateTimeOffset LockedUntil);

/// <summary>A network a person has signed in from.</summary>
/// <param name="AccountId">The person.</param>
/// <param name="Network">The network.</param>
/// <param name="LastAt">When, to the day.</param>
public sealed record KnownNetwork(long AccountId, string Network, DateTimeOffset LastAt);
