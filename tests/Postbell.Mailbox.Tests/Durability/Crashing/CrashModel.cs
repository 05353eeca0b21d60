using System.Globalization;

namespace Postbell.Mailbox.Tests.Durability.Crashing;

/// <summary>A message as it should be or was found.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Uid">Its UID; 0 when only the store can know it.</param>
internal sealed record CrashedMessage(string Folder, string Flags, uint Uid);

/// <summary>What the store must hold after everything that was said: exactly what was acknowledged, and of what was not, all or nothing.</summary>
internal sealed class CrashModel
{
    private readonly Dictionary<int, CrashedMessage> _there = [];
    private readonly Dictionary<int, (int Number, CrashedMessage? After)> _inDoubt = [];
    private readonly Dictionary<(string Folder, uint Uid), int> _given = [];

    /// <summary>Steps that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Appends refused because the mailbox was full.</summary>
    public int Refused { get; private set; }

    /// <summary>Steps that were cut off and had been done, or had not.</summary>
    public (int Done, int Undone) CutOff { get; private set; }

    /// <summary>No message has a higher number yet.</summary>
    public int HighestNumber { get; private set; }

    public void Note(CrashLine line)
    {
        HighestNumber = Math.Max(HighestNumber, line.Number);
        if (!line.Acknowledged)
        {
            Assert.True(_inDoubt.TryAdd(line.Worker, (line.Number, Apply(line))), $"{line}: the step before was not acknowledged.");
            return;
        }

        Assert.True(_inDoubt.Remove(line.Worker, out var step) && step.Number == line.Number, line.ToString());
        Acknowledged++;
        if (line.Argument == CrashLine.Refused)
        {
            Refused++;
            return;
        }

        Set(line.Number, step.After is { Uid: 0 } && line.Argument != "-" ? step.After with { Uid = uint.Parse(line.Argument, CultureInfo.InvariantCulture) } : step.After);
    }

    /// <summary>Compares with what is there, which is the truth from then on.</summary>
    public void Compare(IReadOnlyDictionary<int, CrashedMessage> found)
    {
        var doubts = _inDoubt.Values.ToDictionary(static d => d.Number, static d => d.After);
        foreach (var number in _there.Keys.Union(found.Keys).Union(doubts.Keys).ToList())
        {
            var (before, now) = (_there.GetValueOrDefault(number), found.GetValueOrDefault(number));
            if (!doubts.TryGetValue(number, out var after))
            {
                Assert.True(IsSame(before, now), $"Message {number} is {now} and was acknowledged as {before}.");
                Set(number, now);
                continue;
            }

            var done = IsSame(after, now);
            Assert.True(done || IsSame(before, now), $"Message {number} is {now}; it was {before} and should become {after}.");
            CutOff = done ? (CutOff.Done + 1, CutOff.Undone) : (CutOff.Done, CutOff.Undone + 1);
            Set(number, now);
        }

        _inDoubt.Clear();
    }

    /// <summary>What was removed is gone for good.</summary>
    public void ForgetRemoved()
    {
        foreach (var number in _there.Where(static m => m.Value.Folder.StartsWith('(')).Select(static m => m.Key).ToList())
        {
            _there.Remove(number);
        }
    }

    private static bool IsSame(CrashedMessage? expected, CrashedMessage? found) =>
        expected is { Uid: 0 } ? found is not null && found with { Uid = 0 } == expected : found == expected;

    private CrashedMessage? Apply(CrashLine line)
    {
        var now = _there.GetValueOrDefault(line.Number);
        return line.Step switch
        {
            CrashStep.Append => new CrashedMessage(CrashScene.Fresh(line.Worker), "", 0),
            CrashStep.Move => now! with { Folder = CrashScene.Kept(line.Worker), Uid = 0 },
            CrashStep.Expunge => new CrashedMessage(CrashScene.Removed(CrashScene.User(line.Worker)), "", 0),
            CrashStep.Undelete => now! with { Folder = CrashScene.Kept(line.Worker), Uid = 0 },
            _ => now! with { Flags = line.Argument },
        };
    }

    private void Set(int number, CrashedMessage? message)
    {
        if (message is null)
        {
            _there.Remove(number);
            return;
        }

        _there[number] = message;
        // A UID that was given once is never given to another message, whatever was lost with the process.
        Assert.True(
            message.Uid == 0 || _given.TryAdd((message.Folder, message.Uid), number) || _given[(message.Folder, message.Uid)] == number,
            $"Message {number}: UID {message.Uid} of {message.Folder} was given before.");
    }
}
