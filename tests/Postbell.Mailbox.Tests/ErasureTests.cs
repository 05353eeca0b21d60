using System.Text;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests;

/// <summary>Erasing a person: their words are nowhere on the disk any more, and others keep everything.</summary>
public sealed class ErasureTests
{
    private static readonly string[] Words = ["quixotically", "zugzwangs", "ann.erased@example.com", "Annabelle Erased", "kumquatflag", "hushhushfolder"];

    [Fact]
    public async Task No_word_of_an_erased_person_is_left_on_the_disk()
    {
        await using var opened = await OpenedStore.NewAsync();
        var store = opened.Store;
        var ann = await store.CreateAccountAsync(new NewAccount { UserName = "annabelle", DisplayName = "Annabelle Erased", Address = "ann.erased@example.com" }, default);
        var mailbox = await store.OpenMailboxAsync(ann.Id, default);
        await mailbox.CreateFolderAsync("hushhushfolder", default);
        await store.SetGreetingAsync(ann.Id, GreetingNames.Standard, Encoding.ASCII.GetBytes("quixotically spoken"), default);
        for (var i = 0; i < 120; i++)
        {
            // Between the messages of another person, and some of them removed on the way.
            var trace = Core.TraceId.New(opened.Time);
            await store.AppendLedgerAsync(trace, "stored", $"for annabelle: {i}", default);
            var text = OpenedStore.Bytes($"Message-ID: <quixotically{i}@x>\nFrom: x@example.com\nTo: ann.erased@example.com\nSubject: zugzwangs {i}\n\n{(i % 7 == 0 ? new string('y', 9000) : "")} quixotically {i * 7919} zugzwangs\n");
            await store.DeliverAsync(ann.Id, new MailDelivery { Message = text, IdempotencyKey = trace.ToString(), Flags = MessageFlags.Parse(["kumquatflag"]), Folder = i % 3 == 0 ? "hushhushfolder" : "INBOX" }, default);
            await opened.AppendAsync("INBOX", $"Message-ID: <sound{i}@x>\nSubject: sound of {i}\n\nkeepsafe {i}\n");
            if (i % 40 == 39)
            {
                await store.Indexer.IndexAllAsync(default);
                var inbox = (await mailbox.FindFolderAsync("INBOX", default))!.Id;
                await mailbox.StoreFlagsAsync(inbox, [new UidRange((uint)(i / 4), (uint)(i / 3))], FlagChange.Add, new MessageFlags(SystemFlags.Deleted), null, default);
                await mailbox.ExpungeAsync(inbox, [UidRange.All], default);
            }
        }

        var other = Core.TraceId.New(opened.Time);
        await store.AppendLedgerAsync(other, "sent", "to ann.erased@example.com", default);
        Found(opened.Directory).ShouldNotBeEmpty();
        var erased = await store.EraseAccountAsync(ann.Id, default);
        (erased.UserName, erased.Traces, erased.LedgerRows).ShouldBe(("annabelle", 120, 1));
        erased.Files.ShouldBeGreaterThan(90);
        Found(opened.Directory).ShouldBeEmpty();

        (await store.ReadLedgerAsync(other, default)).Single().Detail.ShouldBe("(erased)");
        (await opened.SelectAsync()).Rows.Count.ShouldBe(120);
        (await opened.Mailbox.SearchAsync((await opened.SelectAsync()).Folder.Id, new SearchCriterion.BodyContains("keepsafe 77"), default)).Count.ShouldBe(1);
        (await store.VerifyAsync(null, repair: false, default)).IsSound.ShouldBeTrue();
        await opened.AppendAsync("INBOX", "a: b\n\nafter");
        await opened.ReopenAsync();
        (await opened.SelectAsync()).Rows.Count.ShouldBe(121);
    }

    [Fact]
    public async Task Writes_of_others_only_wait_while_the_database_is_written_anew()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\nx");
        var compacting = opened.Store.CompactAsync(default);
        for (var i = 0; i < 20; i++)
        {
            await opened.AppendAsync("INBOX", $"a: {i}\n\nx");
        }

        await compacting;
        (await opened.SelectAsync()).Rows.Count.ShouldBe(21);
        opened.Store.IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task A_hold_and_an_unknown_account_are_refused_by_name()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Store.SetHoldAsync(opened.Account.Id, held: true, default);
        (await FolderTests.Refusal(opened.Store.EraseAccountAsync(opened.Account.Id, default))).ShouldBe(MailboxFailure.OnHold);
        (await FolderTests.Refusal(opened.Store.EraseAccountAsync(99, default))).ShouldBe(MailboxFailure.NoSuchAccount);
    }

    private static List<string> Found(string directory)
    {
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(static p => !p.EndsWith(".lock", StringComparison.Ordinal)))
        {
            byte[] bytes;
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                bytes = new byte[file.Length];
                file.ReadExactly(bytes);
            }
            catch (FileNotFoundException)
            {
                // A file that was released before goes behind the commit.
                continue;
            }

            found.AddRange(Words.Where(word => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0).Select(word => $"{word} in {Path.GetFileName(path)}"));
        }

        return found;
    }
}
