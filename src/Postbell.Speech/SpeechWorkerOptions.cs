namespace Postbell.Speech;

/// <summary>How the speech worker process is started and how long it may take.</summary>
public sealed record SpeechWorkerOptions
{
    /// <summary>The program, normally the server's own (<see cref="Environment.ProcessPath"/>).</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, normally <c>speech-worker</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Longest time from starting the program to its greeting.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for one text, waiting included; a worker that takes longer for a text is ended.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most texts that wait; more are refused as <see cref="SpeechFailure.Busy"/>.</summary>
    public int QueueCapacity { get; init; } = 64;

    /// <summary>Pause before the first restart; it doubles with each failure in a row.</summary>
    public TimeSpan FirstRestartDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause before a restart.</summary>
    public TimeSpan LongestRestartDelay { get; init; } = TimeSpan.FromSeconds(30);
}
