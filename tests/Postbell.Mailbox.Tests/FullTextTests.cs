using Postbell.Mailbox.Tests.Durability;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests;

public sealed class FullTextTests
{
    private static readonly string[] Words =
        ["alpha", "BETA", "Straße", "STRASSE", "ÄÖÜ", "äöü", "ſharp", "İstanbul", "ıI", "日本語テキスト", "😀😁😂😃", "a\"b\"c", "AND", "x OR y", "e\u0301t\u00e9", "tab\tbed", "100%", "two  blanks"];

    [Fact]
    public async Task The_index_finds_exactly_what_reading_every_message_finds()
    {
        await using var opened = await OpenedStore.NewAsync();
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            await opened.AppendAsync("INBOX", Message(random));
        }

        var questions = Questions(random).ToList();
        var read = new List<string>();
        foreach (var question in questions)
        {
            read.Add(await AnswerAsync(opened, question));
        }

        await opened.Store.Indexer.IndexAllAsync(default);
        (await opened.Store.CountUnindexedAsync(default)).ShouldBe(0);
        for (var i = 0; i < questions.Count; i++)
        {
            (await AnswerAsync(opened, questions[i])).ShouldBe(read[i], questions[i].ToString());
        }

        read.Count(answer => answer.Length > 0).ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task What_the_index_rules_out_is_not_read()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: one\n\nA horse");
        await opened.AppendAsync("INBOX", "Subject: two\n\nA zebra");
        await opened.Store.Indexer.IndexAllAsync(default);
        Directory.Delete(opened.Directory.File("blobs"), recursive: true);
        // Who has to be read cannot be found now: its bytes are gone.
        (await AnswerAsync(opened, new SearchCriterion.Not(new SearchCriterion.BodyContains("ZEB")))).ShouldBe("1");
        (await AnswerAsync(opened, new SearchCriterion.Not(new SearchCriterion.HeaderContains("subject", "TWO")))).ShouldBe("1");
        (await AnswerAsync(opened, new SearchCriterion.Not(new SearchCriterion.TextContains("two")))).ShouldBe("1");
        (await AnswerAsync(opened, new SearchCriterion.Not(new SearchCriterion.BodyContains("ze")))).ShouldBe("");
    }

    [Fact]
    public async Task A_message_is_found_before_and_after_it_is_indexed_and_not_after_it_is_gone()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: one\n\nA zebra");
        await opened.Store.Indexer.IndexAllAsync(default);
        await opened.AppendAsync("INBOX", "Subject: two\n\nAnother zebra");
        var zebra = new SearchCriterion.BodyContains("zebra");
        (await AnswerAsync(opened, zebra)).ShouldBe("1 2");
        await opened.Store.Indexer.IndexAllAsync(default);
        (await AnswerAsync(opened, zebra)).ShouldBe("1 2");
        await MessageTests.DeleteAllAsync(opened, "INBOX");
        (await RowsAsync(opened)).ShouldBe(0);
        await opened.AppendAsync("INBOX", "Subject: three\n\nA last zebra");
        await opened.Store.Indexer.IndexAllAsync(default);
        await opened.Store.DeleteAccountAsync(opened.Account.Id, default);
        (await RowsAsync(opened)).ShouldBe(0);
    }

    [Fact]
    public async Task One_person_s_search_never_sees_another_s_words()
    {
        await using var opened = await OpenedStore.NewAsync();
        var bo = await opened.Store.CreateAccountAsync(new NewAccount { UserName = "bo", DisplayName = "Bo" }, default);
        await opened.Store.DeliverAsync(bo.Id, new MailDelivery { Message = OpenedStore.Bytes("Subject: x\n\nzebra"), IdempotencyKey = "k" }, default);
        await opened.AppendAsync("INBOX", "Subject: x\n\nhorse");
        await opened.Store.Indexer.IndexAllAsync(default);
        (await AnswerAsync(opened, new SearchCriterion.BodyContains("zebra"))).ShouldBe("");
        (await AnswerAsync(opened, new SearchCriterion.BodyContains("horse"))).ShouldBe("1");
    }

    [Fact]
    public async Task The_index_is_made_behind_the_deliveries_and_goes_on_after_a_restart()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: one\n\nA zebra");
        (await opened.Store.CountUnindexedAsync(default)).ShouldBe(1);
        await opened.ReopenAsync();
        var patience = TimeSpan.FromSeconds(10);
        SpinWait.SpinUntil(
            () =>
            {
                opened.Time.Advance(TimeSpan.FromSeconds(1));
                return opened.Store.CountUnindexedAsync(default).GetAwaiter().GetResult() == 0;
            },
            patience).ShouldBeTrue();
    }

    [Fact]
    public async Task Mail_of_an_older_version_gets_its_index_its_conversations_and_its_first_words()
    {
        using var directory = new TemporaryDirectory();
        OldDatabase.Create(directory, messages: 3);
        await using var store = await OpenedStore.OpenAsync(directory, new ManualTime());
        await store.Indexer.IndexAllAsync(default);
        var mailbox = await store.OpenMailboxAsync((await store.FindAccountAsync("old", default))!.Id, default);
        var folder = (await mailbox.OpenFolderAsync("INBOX", true, default)).Folder.Id;
        var messages = await mailbox.ReadMessagesAsync(folder, [UidRange.All], default);
        messages.Select(m => m.Preview).ShouldBe(["words 1", "words 2", "words 3"]);
        messages[1].ThreadId.ShouldBe(messages[0].ThreadId);
        messages[2].ThreadId.ShouldNotBe(messages[0].ThreadId);
        (await mailbox.SearchAsync(folder, new SearchCriterion.BodyContains("ords 2"), default)).ShouldBe([2u]);
    }

    [Fact]
    public async Task A_damaged_message_does_not_keep_the_others_from_the_index()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: one\n\nA zebra");
        Directory.Delete(opened.Directory.File("blobs"), recursive: true);
        await opened.ReopenAsync();
        await opened.AppendAsync("INBOX", "Subject: two\n\nA zebra");
        await opened.Store.Indexer.IndexAllAsync(default);
        (await AnswerAsync(opened, new SearchCriterion.BodyContains("zebra"))).ShouldBe("2");
    }

    private static string Message(Random random)
    {
        string Some(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Words[random.Next(Words.Length)]));
        return random.Next(3) switch
        {
            0 => $"Subject: {Some(1).Replace('\t', ' ')}\nContent-Type: text/html; charset=utf-8\n\n<p>{Some(2)}</p><b>{Some(1)}</b>in",
            1 => $"Subject: =?utf-8?B?{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Some(1)))}?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Some(4)))}\n--b\nContent-Type: message/rfc822\n\nSubject: inner alpha\n\n{Some(1)}\n--b--\n",
            _ => $"From: alpha@beta.example\nContent-Type: text/plain; charset=utf-8\n\n{Some(3)}\0{Some(1)}",
        };
    }

    private static IEnumerable<SearchCriterion> Questions(Random random)
    {
        var texts = Words.Concat(Words.Select(w => w.ToLowerInvariant())).Concat(["", "\"", "\"\"\"", "a", "NEAR(a b)", "*", "body:", "\0", "\ud83d", new string('x', 5000), "subject: ", "inner ALPHA"]).ToList();
        for (var i = 0; i < 60; i++)
        {
            var word = Words[random.Next(Words.Length)];
            var start = random.Next(word.Length);
            texts.Add(word.Substring(start, random.Next(1, word.Length - start + 1)));
        }

        foreach (var text in texts)
        {
            yield return new SearchCriterion.BodyContains(text);
            yield return new SearchCriterion.TextContains(text);
            yield return new SearchCriterion.HeaderContains("Subject", text);
            yield return new SearchCriterion.Not(new SearchCriterion.Either(new SearchCriterion.BodyContains(text), new SearchCriterion.HeaderContains("from", "beta")));
        }
    }

    private static async Task<string> AnswerAsync(OpenedStore opened, SearchCriterion criterion) =>
        string.Join(' ', await opened.Mailbox.SearchAsync((await opened.SelectAsync()).Folder.Id, criterion, default));

    private static async Task<long> RowsAsync(OpenedStore opened) =>
        (await opened.Store.Readers.ReadAsync(sql => sql.Number("SELECT count(*) FROM message_text WHERE message_text MATCH 'body : (\"ZEB\")'"), default))!.Value;
}
