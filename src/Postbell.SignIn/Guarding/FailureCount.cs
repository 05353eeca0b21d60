namespace Postbell.SignIn.Guarding;

/// <summary>What is remembered of one subject. Whoever holds the table's gate is alone with it.</summary>
internal sealed class FailureCount
{
    private const int Marks = 8;

    private readonly Queue<ulong> _marks = new();

    public int Failures { get; set; }

    public int Locks { get; set; }

    public DateTimeOffset LastAt { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    /// <summary>Before this nothing of the subject is looked at.</summary>
    public DateTimeOffset NextAt { get; set; }

    /// <summary>True when this very secret was refused lately; notes it.</summary>
    public bool IsRepeated(ulong? mark)
    {
        if (mark is not { } secret)
        {
            return false;
        }

        if (_marks.Contains(secret))
        {
            return true;
        }

        _marks.Enqueue(secret);
        if (_marks.Count > Marks)
        {
            _marks.Dequeue();
        }

        return false;
    }

    public bool IsForgotten(DateTimeOffset now, TimeSpan after) => LockedUntil <= now && now - LastAt > after;
}
