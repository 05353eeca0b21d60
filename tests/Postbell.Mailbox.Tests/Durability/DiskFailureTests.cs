using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.TestKit;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests.Durability;

public sealed class DiskFailureTests : IAsyncLifetime
{
    private const int NoSpace = 28;

    private readonly TemporaryDirectory _directory = new();
    private readonly FailingDisk _disk = new();
    private MailStore _store = null!;
    private long _account;

    public async ValueTask InitializeAsync()
    {
        _store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = _directory, PasswordIterations = 1 }, new ManualTime(), NullLoggerFactory.Instance, _disk, default);
        _account = (await _store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default)).Id;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Bytes_and_their_name_are_forced_to_disk_before_the_row_is_committed()
    {
        // The first blob of a directory has the directory's own name forced to disk as well.
        await DeliverAsync("0");
        var before = _disk.Events.Count;
        _store.Writer.BeforeCommit = () => _disk.Note("commit");
        await DeliverAsync("1");
        _disk.Events.Skip(before).ShouldBe(["file", "directory", "commit"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_fsync_of_a_blob_ends_all_writing_and_leaves_reading(bool file)
    {
        await DeliverAsync("before");
        _disk.FileFault = file ? new IOException("EIO") : null;
        _disk.DirectoryFault = file ? null : new IOException("EIO");
        (await Refusal(DeliverAsync("lost"))).ShouldBe(MailboxFailure.StorageFailed);
        (_disk.FileFault, _disk.DirectoryFault) = (null, null);

        // The kernel may have dropped the pages: a later success would be a lie.
        (await Refusal(DeliverAsync("after"))).ShouldBe(MailboxFailure.StorageFailed);
        _store.IsHealthy.ShouldBeFalse();
        _store.Fault!.ShouldContain("EIO");
        (await CountAsync()).ShouldBe(1);
        await ReopenAsync();
        (await DeliverAsync("lost")).Duplicate.ShouldBeFalse();
        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_commit_answers_nobody_with_success_and_ends_all_writing()
    {
        _store.Writer.BeforeCommit = () => throw new SqliteException("disk I/O error", 10, 1034);
        (await Refusal(DeliverAsync("1"))).ShouldBe(MailboxFailure.StorageFailed);
        _store.Writer.BeforeCommit = null;
        (await Refusal(_store.SetPinAsync(_account, "1234", default))).ShouldBe(MailboxFailure.StorageFailed);
        _store.IsHealthy.ShouldBeFalse();
        // Nobody can know whether the commit reached the disk: the bytes stay until the next open has looked.
        BlobCount().ShouldBe(1);
        (await _store.VerifyAsync(null, repair: false, default)).Orphans.ShouldBeEmpty();
        await ReopenAsync();
        (await _store.SweepOrphansAsync(paced: false, default)).ShouldBe(1);
        BlobCount().ShouldBe(0);
        _store.Statistics.OrphansRemoved.ShouldBe(1);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_write_and_nothing_else()
    {
        _store.Writer.BeforeCommit = () => throw new SqliteException("database or disk is full", 13);
        (await Refusal(DeliverAsync("1"))).ShouldBe(MailboxFailure.DiskFull);
        _store.Writer.BeforeCommit = null;
        _disk.FileFault = new IOException("No space left on device", NoSpace);
        (await Refusal(DeliverAsync("1"))).ShouldBe(MailboxFailure.DiskFull);
        _disk.FileFault = null;

        _store.IsHealthy.ShouldBeTrue();
        BlobCount().ShouldBe(0);
        (await DeliverAsync("1")).Duplicate.ShouldBeFalse();
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_delivery_leaves_nothing_behind()
    {
        using var hold = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var held = _store.Writer.WriteAsync(
            _ =>
            {
                hold.Wait();
                return true;
            },
            default);
        var delivery = _store.DeliverAsync(_account, DeliveryTests.Delivery("1"), cancel.Token);
        SpinWait.SpinUntil(() => BlobCount() == 1, TimeSpan.FromSeconds(10)).ShouldBeTrue();
        await cancel.CancelAsync();
        hold.Set();
        await held;
        // The delivery may have slipped in before the cancellation; then it is there whole.
        var stored = await Task.WhenAny(delivery) == delivery && delivery.IsCompletedSuccessfully ? 1 : 0;
        (await CountAsync()).ShouldBe(stored);
        BlobCount().ShouldBe(stored);
    }

    [Fact]
    public async Task A_closed_store_says_so_instead_of_waiting()
    {
        var mailbox = await _store.OpenMailboxAsync(_account, default);
        await _store.DisposeAsync();
        (await Refusal(DeliverAsync("1"))).ShouldBe(MailboxFailure.Closed);
        (await Refusal(mailbox.ReadStatusAsync("INBOX", default))).ShouldBe(MailboxFailure.Closed);
        (await Refusal(mailbox.CreateFolderAsync("x", default))).ShouldBe(MailboxFailure.Closed);
    }

    [Fact]
    public async Task Reading_goes_on_while_the_writer_is_busy()
    {
        await DeliverAsync("1");
        using var hold = new ManualResetEventSlim();
        var held = _store.Writer.WriteAsync<bool>(
            scope =>
            {
                scope.Sql.Execute("DELETE FROM messages");
                hold.Wait();
                throw new MailboxException(MailboxFailure.InvalidFlag, "undo");
            },
            default);
        (await CountAsync()).ShouldBe(1);
        hold.Set();
        await Refusal(held);
        (await CountAsync()).ShouldBe(1);
    }

    private Task<AppendResult> DeliverAsync(string key) => _store.DeliverAsync(_account, DeliveryTests.Delivery(key), default);

    private async Task<int> CountAsync() =>
        (await (await _store.OpenMailboxAsync(_account, default)).ReadStatusAsync("INBOX", default)).Messages;

    private int BlobCount() => Directory.EnumerateFiles(_directory.File("blobs"), "*", SearchOption.AllDirectories).Count();

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = await OpenedStore.OpenAsync(_directory, new ManualTime());
    }
}
