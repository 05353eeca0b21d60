using Microsoft.Data.Sqlite;
using Postbell.TestKit;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests.Durability;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Store.DisposeAsync();
        Run(opened.Directory.File("postbell.db"), "PRAGMA user_version = 9999");
        var before = File.ReadAllBytes(opened.Directory.File("postbell.db"));
        var refusal = await Should.ThrowAsync<MailboxException>(OpenedStore.OpenAsync(opened.Directory, opened.Time));
        refusal.Reason.ShouldBe(MailboxFailure.NewerDatabase);
        refusal.Message.ShouldContain("9999");
        File.ReadAllBytes(opened.Directory.File("postbell.db")).ShouldBe(before);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        using var directory = new TemporaryDirectory();
        await using (var opened = await OpenedStore.NewAsync())
        {
            Run(directory.File("postbell.db"), "CREATE TABLE theirs (x)");
        }

        (await Refusal(OpenedStore.OpenAsync(directory, new ManualTime()))).ShouldBe(MailboxFailure.DatabaseDamaged);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("postbell.db"), new string('x', 10_000));
        (await Refusal(OpenedStore.OpenAsync(directory, new ManualTime()))).ShouldBe(MailboxFailure.DatabaseDamaged);
    }

    [Fact]
    public async Task A_damaged_database_is_found_at_open()
    {
        await using var opened = await OpenedStore.NewAsync();
        for (var i = 0; i < 20; i++)
        {
            await opened.AppendAsync("INBOX", "a: b\n\nx");
        }

        await opened.Store.DisposeAsync();
        var path = opened.Directory.File("postbell.db");
        var bytes = File.ReadAllBytes(path);
        for (var page = 4096; page < bytes.Length; page += 4096)
        {
            bytes.AsSpan(page, 200).Fill(0xEE);
        }

        File.WriteAllBytes(path, bytes);
        (await Refusal(OpenedStore.OpenAsync(opened.Directory, opened.Time))).ShouldBe(MailboxFailure.DatabaseDamaged);
    }

    [Fact]
    public async Task A_store_that_is_open_is_not_opened_again()
    {
        await using var opened = await OpenedStore.NewAsync();
        (await Refusal(OpenedStore.OpenAsync(opened.Directory, opened.Time))).ShouldBe(MailboxFailure.InUse);
    }

    [Fact]
    public async Task What_a_crash_left_behind_is_collected_and_nothing_else()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\nx");
        await opened.Store.SetGreetingAsync(opened.Account.Id, GreetingNames.Name, new byte[5], default);
        var blobs = Directory.CreateDirectory(opened.Directory.File("blobs/zz")).FullName;
        File.WriteAllText(Path.Combine(blobs, "orphan"), "x");
        File.WriteAllText(Path.Combine(blobs, "half.tmp"), "x");
        await opened.ReopenAsync();
        (await opened.Store.SweepOrphansAsync(paced: false, default)).ShouldBe(2);
        MessageTests.BlobCount(opened).ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_damaged_blob_is_reported_and_disturbs_no_other_message(int damage)
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\none");
        var blob = Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories).Single();
        await opened.AppendAsync("INBOX", "a: b\n\ntwo");
        var bytes = File.ReadAllBytes(blob);
        switch (damage)
        {
            case 0:
                bytes[^1] ^= 1;
                File.WriteAllBytes(blob, bytes);
                break;
            case 1:
                File.WriteAllBytes(blob, bytes[..^2]);
                break;
            default:
                File.Delete(blob);
                break;
        }

        var messages = await opened.Mailbox.ReadMessagesAsync((await opened.SelectAsync()).Folder.Id, [UidRange.All], default);
        (await Refusal(opened.Mailbox.ReadContentAsync(messages[0], default))).ShouldBe(MailboxFailure.BlobDamaged);
        (await opened.Mailbox.ReadContentAsync(messages[1], default)).Length.ShouldBe(11);
    }

    [Fact]
    public async Task The_data_folder_is_made_for_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        using var directory = new TemporaryDirectory();
        var data = Path.Combine(directory, "deep", "data");
        await using var store = await OpenedStore.OpenAsync(data, new ManualTime());
        new DirectoryInfo(data).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task The_writer_commits_to_a_log_that_is_forced_to_disk()
    {
        await using var opened = await OpenedStore.NewAsync();
        var settings = await opened.Store.Writer.WriteAsync(
            scope => (scope.Sql.QueryFirst("PRAGMA journal_mode", row => row.GetString(0)), scope.Sql.Number("PRAGMA synchronous"), scope.Sql.Number("PRAGMA foreign_keys")),
            default);
        settings.ShouldBe(("wal", 2, 1));
    }

    [Fact]
    public async Task Every_key_of_a_mailbox_starts_with_the_account()
    {
        await using var opened = await OpenedStore.NewAsync();
        var notPerAccount = new[] { "counters", "traces", "ledger", "sign_in_records", "store_keys" };
        var keys = await opened.Store.Readers.ReadAsync(
            sql => sql.Query(
                "SELECT t.name, (SELECT p.name FROM pragma_table_info(t.name) p WHERE p.pk = 1) FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT LIKE 'message_text%'",
                row => (Table: row.GetString(0), Key: row.GetString(1))),
            default);
        keys.Where(k => !notPerAccount.Contains(k.Table)).ShouldAllBe(k => k.Key == "account_id");
        keys.Count.ShouldBeGreaterThan(10);
    }

    private static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
