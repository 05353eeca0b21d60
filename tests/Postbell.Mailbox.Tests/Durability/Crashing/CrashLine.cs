using System.Globalization;

namespace Postbell.Mailbox.Tests.Durability.Crashing;

/// <summary>What a worker of the process that will be killed does to a message.</summary>
internal enum CrashStep
{
    Append,
    Flag,
    Move,
    Mark,
    Expunge,
    Undelete,
}

/// <summary>One line it says: before a step, and after the store acknowledged it.</summary>
/// <param name="Worker">Workers have folders of their own, so only one step of each can be in doubt.</param>
/// <param name="Acknowledged">False before the step, true after it.</param>
/// <param name="Step">What is done.</param>
/// <param name="Number">The message.</param>
/// <param name="Argument">Before: the new flags. After: the UID the message has now, or <see cref="Refused"/>.</param>
internal readonly record struct CrashLine(int Worker, bool Acknowledged, CrashStep Step, int Number, string Argument)
{
    /// <summary>The mailbox was full: nothing was stored.</summary>
    public const string Refused = "refused";

    public static CrashLine Parse(string line)
    {
        var parts = line.Split(' ', 5);
        return new CrashLine(Int(parts[0]), parts[1] == "!", Enum.Parse<CrashStep>(parts[2]), Int(parts[3]), parts[4]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Worker} {(Acknowledged ? '!' : '?')} {Step} {Number} {Argument}");

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
