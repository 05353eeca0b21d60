using Postbell.Mailbox.Folders;
using Postbell.Mailbox.Storage.Sqlite;

namespace Postbell.Mailbox.Tests;

/// <summary>The rows of a folder that was opened before are not read again, and are never other than those of the database.</summary>
public sealed class FolderRowCacheTests
{
    private const int Messages = 100;

    [Fact]
    public async Task A_folder_that_did_not_change_is_not_read_again()
    {
        await using var opened = await FilledAsync();
        var first = await opened.SelectAsync();
        first.Rows.Count.ShouldBe(Messages);
        (await opened.SelectAsync()).Rows.ShouldBeSameAs(first.Rows);
        opened.Store.FolderRows.Rows.ShouldBe(Messages);
    }

    [Fact]
    public async Task What_changed_meanwhile_is_what_the_database_says_and_earlier_snapshots_stay_as_they_were()
    {
        await using var opened = await FilledAsync();
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var before = await opened.SelectAsync();
            var copy = before.Rows.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                await ChangeAsync(opened, before.Folder.Id, before.Rows[random.Next(before.Rows.Count)].Uid, random);
            }

            var after = await opened.SelectAsync();
            after.Rows.ShouldBe(await ReadAnewAsync(opened, before.Folder.Id));
            before.Rows.ShouldBe(copy);
        }
    }

    [Fact]
    public async Task Where_the_log_of_expunged_messages_was_pruned_all_is_read()
    {
        await using var opened = await FilledAsync();
        var before = await opened.SelectAsync();
        await ExpungeAsync(opened, before.Folder.Id, 5);
        await opened.Store.Writer.WriteAsync(
            scope =>
            {
                scope.Sql.Execute("DELETE FROM expunged");
                return scope.Sql.Execute("UPDATE folders SET pruned_modseq = highest_modseq WHERE name = 'INBOX'");
            },
            default);
        await ExpungeAsync(opened, before.Folder.Id, 9);
        (await opened.SelectAsync()).Rows.Select(r => r.Uid).ShouldBe(Enumerable.Range(1, Messages).Select(i => (uint)i).Except([5u, 9u]));
    }

    [Fact]
    public async Task Folders_opened_longest_ago_leave_when_there_are_too_many_rows()
    {
        await using var opened = await FilledAsync();
        var cache = new FolderRowCache(maxRows: 250);
        foreach (var name in new[] { "a", "b", "c" })
        {
            var folder = await opened.Mailbox.CreateFolderAsync(name, default);
            await opened.Mailbox.CopyAsync((await opened.SelectAsync()).Folder.Id, [UidRange.All], name, default);
            await opened.Store.Readers.ReadAsync(sql => cache.Read(sql, opened.Account.Id, FolderTable.Require(sql, opened.Account.Id, folder.Id)), default);
        }

        cache.Rows.ShouldBe(2 * Messages);
    }

    private static async Task ChangeAsync(OpenedStore opened, long folder, uint uid, Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                await opened.AppendAsync(FolderNames.Inbox, "Subject: more\n\nx\n");
                break;
            case 1:
                await ExpungeAsync(opened, folder, uid);
                break;
            default:
                await opened.Mailbox.StoreFlagsAsync(
                    folder, [new UidRange(uid, uid + 2)], (FlagChange)random.Next(3), new MessageFlags((SystemFlags)random.Next(8), "$Forwarded"), null, default);
                break;
        }
    }

    private static async Task ExpungeAsync(OpenedStore opened, long folder, uint uid)
    {
        await opened.Mailbox.StoreFlagsAsync(folder, [new UidRange(uid)], FlagChange.Add, new MessageFlags(SystemFlags.Deleted), null, default);
        await opened.Mailbox.ExpungeAsync(folder, [new UidRange(uid)], default);
    }

    private static Task<List<MessageRow>> ReadAnewAsync(OpenedStore opened, long folder) =>
        opened.Store.Readers.ReadAsync(sql => MessageTable.Rows(sql, opened.Account.Id, folder, UidRange.All), default);

    private static async Task<OpenedStore> FilledAsync()
    {
        var opened = await OpenedStore.NewAsync();
        var message = new NewMessage { Message = OpenedStore.Bytes("Subject: one\n\nx\n") };
        await opened.Mailbox.AppendAsync(FolderNames.Inbox, [.. Enumerable.Repeat(message, Messages)], default);
        return opened;
    }
}
