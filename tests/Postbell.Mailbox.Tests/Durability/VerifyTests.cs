namespace Postbell.Mailbox.Tests.Durability;

public sealed class VerifyTests
{
    [Fact]
    public async Task Missing_and_damaged_bytes_are_named_by_mailbox_folder_and_uid()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Store.CreateAccountAsync(new NewAccount { UserName = "bo", DisplayName = "Bo" }, default);
        await opened.AppendAsync("INBOX", "a: b\n\none");
        File.Delete(Blobs(opened).Single());
        await opened.AppendAsync("Archive", "a: b\n\ntwo");
        File.AppendAllText(Blobs(opened).Single(), "x");
        await opened.AppendAsync("INBOX", "a: b\n\nthree");
        await opened.Store.SetGreetingAsync(opened.Account.Id, GreetingNames.Name, new byte[5], default);
        var found = await opened.Store.VerifyAsync(null, repair: true, default);
        (found.IsSound, found.HasLoss, found.Database).ShouldBe((false, true, "ok"));
        var ann = found.Mailboxes.Single(m => m.UserName == "ann");
        ann.Checked.ShouldBe(4);
        ann.Damaged.Select(d => (d.What, d.IsMissing)).ShouldBe([("INBOX, UID 1", true), ("Archive, UID 1", false)]);
        found.Mailboxes.Single(m => m.UserName == "bo").Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_counters_and_orphans_are_set_right_when_asked()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\none");
        await opened.Store.Writer.WriteAsync(scope => scope.Sql.Execute("UPDATE accounts SET used_bytes = 7"), default);
        var orphan = Path.Combine(Directory.CreateDirectory(opened.Directory.File("blobs/zz")).FullName, "orphan");
        File.WriteAllText(orphan, "x");
        foreach (var (repair, sound) in new[] { (false, false), (true, false), (false, true) })
        {
            var found = await opened.Store.VerifyAsync(null, repair, default);
            found.IsSound.ShouldBe(sound);
            found.HasLoss.ShouldBeFalse();
            found.Orphans.ShouldBe(sound ? [] : ["zz/orphan"]);
            found.Mailboxes.Single().WrongCounters.ShouldBe(!sound);
        }

        (await opened.Mailbox.ReadUsageAsync(default)).Octets.ShouldBe(11);
    }

    private static IEnumerable<string> Blobs(OpenedStore opened) => Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories);
}
