using System.Net;

namespace Postbell.SignIn;

/// <summary>What one source may try, and how long things are remembered.</summary>
public sealed record SignInLimits
{
    /// <summary>Refusals of one source, over all accounts and doors, after which it is locked out.</summary>
    public int FailuresPerSource { get; init; } = 30;

    /// <summary>How long the first lock of a source lasts; each further one twice as long.</summary>
    public TimeSpan SourceLockTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest lock of a source.</summary>
    public TimeSpan LongestSourceLock { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Longest wait before the next try is looked at; after the first refusal it is 1 second, then twice as long each time.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>A try that would have to wait longer than this in all is turned away.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Refusals are forgotten when there was none for so long.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A network somebody signed in from is known for so long.</summary>
    public TimeSpan NetworkKnownFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Sources that many people share, such as a web mail server: never locked as a source.</summary>
    public IReadOnlyList<IPNetwork> SharedSources { get; init; } = [];

    /// <summary>Sources and accounts remembered at once.</summary>
    public int Remembered { get; init; } = 20_000;
}
