using System.ComponentModel;
using System.Diagnostics;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests.Durability;

public sealed class RealDiskTests
{
    [Fact]
    public async Task A_disk_that_runs_full_refuses_writes_and_takes_them_again_when_there_is_room()
    {
        using var small = new TemporaryDirectory();
        Assert.SkipUnless(await TryRunAsync("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small), "needs the right to mount a small file system");
        try
        {
            await FillAsync(Path.Combine(small, "store"), Path.Combine(small, "filler"));
        }
        finally
        {
            await TryRunAsync("umount", small);
        }
    }

    [Fact]
    public async Task A_disk_that_becomes_read_only_ends_writing_with_a_reason_and_leaves_reading()
    {
        using var small = new TemporaryDirectory();
        Assert.SkipUnless(await TryRunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small), "needs the right to mount a small file system");
        try
        {
            await ReadOnlyAsync(small);
        }
        finally
        {
            await TryRunAsync("umount", small);
        }
    }

    private static async Task ReadOnlyAsync(string small)
    {
        var directory = Path.Combine(small, "store");
        await using (var store = await OpenedStore.OpenAsync(directory, new ManualTime()))
        {
            var account = (await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default)).Id;
            await store.DeliverAsync(account, DeliveryTests.Delivery("before"), default);
            // The whole cannot be made read-only while files are open for writing, unlike what a failing disk does to its file system.
            var blobs = Path.Combine(directory, "blobs");
            (await TryRunAsync("mount", "--bind", blobs, blobs)).ShouldBeTrue();
            (await TryRunAsync("mount", "-o", "remount,ro,bind", blobs)).ShouldBeTrue();
            (await FolderTests.Refusal(store.DeliverAsync(account, DeliveryTests.Delivery("lost"), default))).ShouldBe(MailboxFailure.StorageFailed);
            store.IsHealthy.ShouldBeFalse();
            (await store.ListAccountsAsync(default)).Count.ShouldBe(1);
            store.Fault!.ShouldContain("Read-only");
            (await TryRunAsync("umount", blobs)).ShouldBeTrue();
        }

        (await TryRunAsync("mount", "-o", "remount,ro", small)).ShouldBeTrue();
        var refusal = await Should.ThrowAsync<MailboxException>(OpenedStore.OpenAsync(directory, new ManualTime()));
        refusal.Reason.ShouldBe(MailboxFailure.StorageFailed);
        refusal.Message.ShouldContain("cannot be written");
    }

    private static async Task FillAsync(string directory, string filler)
    {
        File.WriteAllBytes(filler, new byte[1_000_000]);
        await using var store = await OpenedStore.OpenAsync(directory, new ManualTime());
        var account = (await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann" }, default)).Id;
        var stored = 0;
        var refused = 0;
        for (var i = 0; refused < 20; i++)
        {
            try
            {
                await store.DeliverAsync(account, new MailDelivery { Message = new byte[i % 2 == 0 ? 30_000 : 300], IdempotencyKey = $"k{i}" }, default);
                stored++;
            }
            catch (MailboxException full) when (full.Reason == MailboxFailure.DiskFull)
            {
                refused++;
            }
        }

        using (var spool = store.NewSpool())
        {
            for (var i = 0; i < 30; i++)
            {
                spool.Write(new byte[100_000]);
            }

            Should.Throw<MailboxException>(() => spool.Content).Reason.ShouldBe(MailboxFailure.DiskFull);
        }

        store.IsHealthy.ShouldBeTrue(store.Fault);
        var mailbox = await store.OpenMailboxAsync(account, default);
        (await mailbox.ReadStatusAsync("INBOX", default)).Messages.ShouldBe(stored);
        File.Delete(filler);
        await store.DeliverAsync(account, new MailDelivery { Message = new byte[30_000], IdempotencyKey = "after" }, default);
        (await mailbox.ReadStatusAsync("INBOX", default)).Messages.ShouldBe(stored + 1);
    }

    private static async Task<bool> TryRunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false });
            await process!.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
