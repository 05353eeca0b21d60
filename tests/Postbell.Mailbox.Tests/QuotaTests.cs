using Microsoft.Extensions.Logging.Abstractions;
using Postbell.TestKit;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests;

public sealed class QuotaTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private MailStore _store = null!;
    private MailboxView _mailbox = null!;
    private MailboxQuota _quota = MailboxQuota.Unlimited;

    public async ValueTask InitializeAsync()
    {
        _store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = _directory, PasswordIterations = 1, QuotaOf = account => account.UserName == "ann" ? _quota : MailboxQuota.Unlimited },
            new ManualTime(), NullLoggerFactory.Instance, default);
        var account = await _store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default);
        _mailbox = await _store.OpenMailboxAsync(account.Id, default);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Usage_follows_everything_that_comes_and_goes()
    {
        await AppendAsync(100);
        await AppendAsync(50);
        await UsageShouldBeAsync(150, 2);
        var inbox = await FolderAsync();
        await _mailbox.CopyAsync(inbox, [new UidRange(1)], "Archive", default);
        await UsageShouldBeAsync(250, 3);
        await _mailbox.MoveAsync(inbox, [new UidRange(2)], "Archive", default);
        await UsageShouldBeAsync(250, 3);
        await DeliverAsync("k", 30);
        await DeliverAsync("k", 30);
        await UsageShouldBeAsync(280, 4);
        await _mailbox.StoreFlagsAsync(inbox, [UidRange.All], FlagChange.Add, new MessageFlags(SystemFlags.Deleted), null, default);
        await _mailbox.ExpungeAsync(inbox, [UidRange.All], default);
        await UsageShouldBeAsync(150, 2);
        await _mailbox.CreateFolderAsync("x", default);
        await _mailbox.MoveAsync((await _mailbox.OpenFolderAsync("Archive", true, default)).Folder.Id, [UidRange.All], "x", default);
        await _mailbox.DeleteFolderAsync("x", default);
        await UsageShouldBeAsync(0, 0);
    }

    [Fact]
    public async Task What_passes_the_limit_is_refused_and_leaves_nothing_behind()
    {
        _quota = new MailboxQuota { StorageLimit = 100 };
        await AppendAsync(100);
        (await Refusal(AppendAsync(1))).ShouldBe(MailboxFailure.OverQuota);
        (await Refusal(_mailbox.CopyAsync(await FolderAsync(), [UidRange.All], "Archive", default))).ShouldBe(MailboxFailure.OverQuota);
        (await _mailbox.MoveAsync(await FolderAsync(), [UidRange.All], "Archive", default)).Messages.Count.ShouldBe(1);
        await UsageShouldBeAsync(100, 1);
        Directory.EnumerateFiles(_directory.File("blobs"), "*", SearchOption.AllDirectories).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_delivery_may_pass_the_limit_once_and_the_next_is_refused()
    {
        _quota = new MailboxQuota { StorageLimit = 100 };
        await DeliverAsync("1", 99);
        await DeliverAsync("2", 500);
        (await Refusal(DeliverAsync("3", 1))).ShouldBe(MailboxFailure.OverQuota);
        // The earlier answer stays, and what was promised to a caller is kept.
        (await DeliverAsync("2", 500)).Duplicate.ShouldBeTrue();
        await DeliverAsync("4", 10, promised: true);
        await UsageShouldBeAsync(609, 3);
        _quota = new MailboxQuota { StorageLimit = 10_000 };
        await DeliverAsync("3", 1);
    }

    [Fact]
    public async Task The_number_of_messages_is_a_limit_too_also_for_those_that_come_at_once()
    {
        _quota = new MailboxQuota { MessageLimit = 3 };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            try
            {
                await DeliverAsync($"{i}", 10);
                return true;
            }
            catch (MailboxException full) when (full.Reason == MailboxFailure.OverQuota)
            {
                return false;
            }
        })));
        outcomes.Count(stored => stored).ShouldBe(3);
        await UsageShouldBeAsync(30, 3);
    }

    [Fact]
    public async Task A_warning_comes_before_the_limit()
    {
        _quota = new MailboxQuota { StorageLimit = 100, StorageWarning = 80 };
        (await _mailbox.ReadUsageAsync(default)).Level.ShouldBe(QuotaLevel.Normal);
        await AppendAsync(80);
        (await _mailbox.ReadUsageAsync(default)).Level.ShouldBe(QuotaLevel.Warning);
        await AppendAsync(20);
        (await _mailbox.ReadUsageAsync(default)).Level.ShouldBe(QuotaLevel.Full);
    }

    private async Task AppendAsync(int size) =>
        await _mailbox.AppendAsync("INBOX", [new NewMessage { Message = new byte[size] }], default);

    private Task<AppendResult> DeliverAsync(string key, int size, bool promised = false) =>
        _store.DeliverAsync(_mailbox.AccountId, new MailDelivery { Message = new byte[size], IdempotencyKey = key, IsPromised = promised }, default);

    private async Task<long> FolderAsync() => (await _mailbox.OpenFolderAsync("INBOX", true, default)).Folder.Id;

    private async Task UsageShouldBeAsync(long octets, long messages)
    {
        var usage = await _store.ReadUsageAsync(_mailbox.AccountId, default);
        (usage.Octets, usage.Messages).ShouldBe((octets, messages));
    }
}
