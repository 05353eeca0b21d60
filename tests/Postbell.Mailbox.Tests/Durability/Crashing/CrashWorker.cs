namespace Postbell.Mailbox.Tests.Durability.Crashing;

/// <summary>Does one thing after the other to the messages of its two folders, and says before and after each what it is.</summary>
internal sealed class CrashWorker(MailStore store, int worker, Func<int> nextNumber, Action<string> say, Random random)
{
    private const int Most = 25;

    private readonly List<(int Number, uint Uid)> _fresh = [];
    private readonly List<(int Number, uint Uid)> _kept = [];
    private readonly List<int> _removed = [];
    private MailboxView _mailbox = null!;
    private long _freshId;
    private long _keptId;

    public async Task RunAsync()
    {
        _mailbox = await store.OpenMailboxAsync((await store.FindAccountAsync(CrashScene.User(worker), default))!.Id, default);
        _freshId = await ReadAsync(CrashScene.Fresh(worker), _fresh);
        _keptId = await ReadAsync(CrashScene.Kept(worker), _kept);
        while (true)
        {
            await StepAsync(random.Next(10));
        }
    }

    private Task StepAsync(int choice) => choice switch
    {
        < 4 when _fresh.Count < Most => AppendAsync(),
        < 6 when _fresh.Count > 0 => FlagAsync(_fresh[random.Next(_fresh.Count)]),
        < 8 when _fresh.Count > 0 => MoveAsync(random.Next(_fresh.Count)),
        8 when _kept.Count > 0 => RemoveAsync(random.Next(_kept.Count)),
        // What is brought back passes the limit, so not where the limit is watched.
        9 when _removed.Count > 0 && worker != 0 => UndeleteAsync(random.Next(_removed.Count)),
        _ => AppendAsync(),
    };

    private async Task<long> ReadAsync(string folder, List<(int Number, uint Uid)> into)
    {
        var id = (await _mailbox.OpenFolderAsync(folder, readOnly: true, default)).Folder.Id;
        into.AddRange((await _mailbox.ReadMessagesAsync(id, [UidRange.All], default)).Select(m => (CrashScene.NumberOf(m), m.Uid)));
        return id;
    }

    private async Task AppendAsync()
    {
        var number = nextNumber();
        Before(CrashStep.Append, number, "-");
        try
        {
            var uid = (await _mailbox.AppendAsync(CrashScene.Fresh(worker), [new NewMessage { Message = DeliveringProcess.Message(number) }], default))[0].Uid;
            After(CrashStep.Append, number, $"{uid}");
            _fresh.Add((number, uid));
        }
        catch (MailboxException full) when (full.Reason == MailboxFailure.OverQuota)
        {
            After(CrashStep.Append, number, CrashLine.Refused);
            if (_kept.Count > 0)
            {
                await RemoveAsync(0);
            }
        }
    }

    private async Task FlagAsync((int Number, uint Uid) message)
    {
        var flags = MessageFlags.Parse(["\\Seen", $"k{random.Next(1000)}"]);
        Before(CrashStep.Flag, message.Number, flags.ToString());
        await _mailbox.StoreFlagsAsync(_freshId, [new UidRange(message.Uid)], FlagChange.Replace, flags, null, default);
        After(CrashStep.Flag, message.Number, "-");
    }

    private async Task MoveAsync(int index)
    {
        var (number, uid) = _fresh[index];
        Before(CrashStep.Move, number, "-");
        var moved = (await _mailbox.MoveAsync(_freshId, [new UidRange(uid)], CrashScene.Kept(worker), default)).Messages[0].TargetUid;
        After(CrashStep.Move, number, $"{moved}");
        _fresh.RemoveAt(index);
        _kept.Add((number, moved));
    }

    private async Task RemoveAsync(int index)
    {
        var (number, uid) = _kept[index];
        var deleted = new MessageFlags(SystemFlags.Deleted);
        Before(CrashStep.Mark, number, deleted.ToString());
        await _mailbox.StoreFlagsAsync(_keptId, [new UidRange(uid)], FlagChange.Replace, deleted, null, default);
        After(CrashStep.Mark, number, "-");
        Before(CrashStep.Expunge, number, "-");
        await _mailbox.ExpungeAsync(_keptId, [new UidRange(uid)], default);
        After(CrashStep.Expunge, number, "-");
        _kept.RemoveAt(index);
        _removed.Add(number);
    }

    private async Task UndeleteAsync(int index)
    {
        var number = _removed[index];
        _removed.RemoveAt(index);
        var listed = await _mailbox.ListRemovedAsync(default, 1000, default);
        var id = listed.First(m => int.Parse(m.Envelope.Subject!.Split('-')[1]) == number).Id;
        Before(CrashStep.Undelete, number, "-");
        var back = (await _mailbox.UndeleteAsync([id], default)).Single();
        After(CrashStep.Undelete, number, $"{back.Uid}");
        _kept.Add((number, back.Uid));
    }

    private void Before(CrashStep step, int number, string argument) => say(new CrashLine(worker, false, step, number, argument).ToString());

    private void After(CrashStep step, int number, string argument) => say(new CrashLine(worker, true, step, number, argument).ToString());
}
