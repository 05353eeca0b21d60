namespace Postbell.Mailbox.Tests;

public sealed class SynchronizingTests
{
    [Fact]
    public async Task Vanished_messages_are_those_expunged_since_within_the_uids_asked_for()
    {
        await using var opened = await FilledAsync(10);
        await DeleteAsync(opened, 2, 3);
        var since = (await opened.SelectAsync()).HighestModSeq;
        await DeleteAsync(opened, 5, 6, 9);
        var vanished = await VanishedAsync(opened, since, UidRange.All);
        vanished.IsExact.ShouldBeTrue();
        vanished.Uids.ShouldBe([new UidRange(5, 6), new UidRange(9)]);
        vanished.HighestModSeq.ShouldBe((await opened.SelectAsync()).HighestModSeq);
        (await VanishedAsync(opened, since, new UidRange(9, 20), new UidRange(6))).Uids.ShouldBe([new UidRange(6), new UidRange(9)]);
        (await VanishedAsync(opened, vanished.HighestModSeq, UidRange.All)).Uids.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_log_was_pruned_all_that_is_not_there_has_vanished()
    {
        await using var opened = await FilledAsync(10);
        await DeleteAsync(opened, 2, 3, 10);
        var pruned = (await opened.SelectAsync()).HighestModSeq;
        await opened.Store.Writer.WriteAsync(
            scope =>
            {
                scope.Sql.Execute("DELETE FROM expunged");
                return scope.Sql.Execute("UPDATE folders SET pruned_modseq = $1 WHERE name = 'INBOX'", pruned);
            },
            default);
        await DeleteAsync(opened, 5);
        var vanished = await VanishedAsync(opened, 1, UidRange.All);
        vanished.IsExact.ShouldBeFalse();
        vanished.Uids.ShouldBe([new UidRange(2, 3), new UidRange(5), new UidRange(10)]);
        (await VanishedAsync(opened, 1, new UidRange(3, 4), new UidRange(7, 100))).Uids.ShouldBe([new UidRange(3), new UidRange(10)]);
        (await VanishedAsync(opened, pruned, UidRange.All)).Uids.ShouldBe([new UidRange(5)]);
        var folder = (await opened.SelectAsync()).Folder.Id;
        (await opened.Mailbox.ReadChangesAsync(folder, 1, default)).Vanished.ShouldBe([2u, 3u, 5u, 10u]);
        (await opened.Mailbox.ReadChangesAsync(folder, pruned, default)).Vanished.ShouldBe([5u]);
    }

    [Fact]
    public async Task Rows_changed_since_are_limited_to_the_uids_asked_for()
    {
        await using var opened = await FilledAsync(6);
        var snapshot = await opened.SelectAsync();
        await opened.Mailbox.StoreFlagsAsync(snapshot.Folder.Id, [new UidRange(2, 4)], FlagChange.Add, new MessageFlags(SystemFlags.Seen), null, default);
        var rows = await opened.Mailbox.ReadRowsChangedSinceAsync(snapshot.Folder.Id, snapshot.HighestModSeq, [new UidRange(4), new UidRange(1, 2)], default);
        rows.Select(r => r.Uid).ShouldBe([2u, 4u]);
        rows.ShouldAllBe(r => r.ModSeq > snapshot.HighestModSeq && r.Flags.Has(SystemFlags.Seen));
    }

    [Fact]
    public async Task A_conditional_store_changes_what_is_unchanged_and_names_the_rest()
    {
        await using var opened = await FilledAsync(4);
        var snapshot = await opened.SelectAsync();
        var seen = new MessageFlags(SystemFlags.Seen);
        await opened.Mailbox.StoreFlagsAsync(snapshot.Folder.Id, [new UidRange(3)], FlagChange.Add, new MessageFlags(SystemFlags.Flagged), null, default);
        var result = await opened.Mailbox.StoreFlagsAsync(snapshot.Folder.Id, [UidRange.All], FlagChange.Add, seen, snapshot.HighestModSeq, default);
        result.Modified.ShouldBe([3u]);
        result.Changed.Select(r => r.Uid).ShouldBe([1u, 2u, 4u]);
        var after = await opened.SelectAsync();
        after.Rows.Single(r => r.Uid == 3).Flags.Has(SystemFlags.Seen).ShouldBeFalse();
        after.HighestModSeq.ShouldBe(after.Rows.Max(r => r.ModSeq));
        (await opened.Mailbox.StoreFlagsAsync(snapshot.Folder.Id, [UidRange.All], FlagChange.Add, seen, 0, default)).Modified.Count.ShouldBe(4);
    }

    private static async Task<OpenedStore> FilledAsync(int count)
    {
        var opened = await OpenedStore.NewAsync();
        for (var i = 0; i < count; i++)
        {
            await opened.AppendAsync("INBOX", "Subject: x\n\nx");
        }

        return opened;
    }

    private static async Task DeleteAsync(OpenedStore opened, params uint[] uids)
    {
        var folder = (await opened.SelectAsync()).Folder.Id;
        var ranges = UidRange.From(uids);
        await opened.Mailbox.StoreFlagsAsync(folder, ranges, FlagChange.Add, new MessageFlags(SystemFlags.Deleted), null, default);
        await opened.Mailbox.ExpungeAsync(folder, ranges, default);
    }

    private static async Task<VanishedMessages> VanishedAsync(OpenedStore opened, long since, params UidRange[] uids) =>
        await opened.Mailbox.ReadVanishedAsync((await opened.SelectAsync()).Folder.Id, since, uids, default);
}
