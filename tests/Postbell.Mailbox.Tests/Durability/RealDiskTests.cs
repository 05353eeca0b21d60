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
