namespace Postbell.Smtp.Session;

/// <summary>Reading from the client ended in the middle of a command: the session ends.</summary>
internal sealed class SessionEndException(ReadOutcome outcome) : Exception("The session ended: " + outcome)
{
    public ReadOutcome Outcome { get; } = outcome;
}
