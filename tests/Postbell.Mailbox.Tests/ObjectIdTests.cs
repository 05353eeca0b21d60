namespace Postbell.Mailbox.Tests;

public sealed class ObjectIdTests
{
    [Fact]
    public async Task Copies_share_the_email_id_and_the_thread_but_not_the_save_date()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Subject: one\n\nx");
        await opened.AppendAsync("INBOX", "Subject: two\n\nx");
        var stored = opened.Time.GetUtcNow();
        opened.Time.Advance(TimeSpan.FromDays(3));
        await opened.Mailbox.CopyAsync((await opened.SelectAsync()).Folder.Id, [new UidRange(1)], "Archive", default);
        var originals = await ReadAsync(opened, "INBOX");
        var copy = (await ReadAsync(opened, "Archive")).ShouldHaveSingleItem();
        (copy.EmailId, copy.ThreadId).ShouldBe((originals[0].EmailId, originals[0].ThreadId));
        originals[1].EmailId.ShouldNotBe(copy.EmailId);
        originals[0].SavedAt!.Value.ShouldBe(stored, TimeSpan.FromMilliseconds(1));
        copy.SavedAt!.Value.ShouldBe(stored.AddDays(3), TimeSpan.FromMilliseconds(1));
        copy.InternalDate.ShouldBe(originals[0].InternalDate);
    }

    [Fact]
    public async Task A_folder_keeps_its_id_when_renamed_and_a_new_one_of_the_name_gets_another()
    {
        await using var opened = await OpenedStore.NewAsync();
        var bo = await opened.Store.CreateAccountAsync(new NewAccount { UserName = "bo", DisplayName = "Bo" }, default);
        await opened.Mailbox.CreateFolderAsync("a", default);
        var id = await IdAsync("a");
        await opened.Mailbox.RenameFolderAsync("a", "b", default);
        (await IdAsync("b")).ShouldBe(id);
        await opened.Mailbox.CreateFolderAsync("a", default);
        (await IdAsync("a")).ShouldNotBe(id);
        var others = await (await opened.Store.OpenMailboxAsync(bo.Id, default)).ListFoldersAsync(default);
        var all = (await opened.Mailbox.ListFoldersAsync(default)).Concat(others).Select(f => f.MailboxId).ToList();
        all.Distinct().Count().ShouldBe(all.Count);
        all.ShouldAllBe(each => each.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && each.Length < 255);

        async Task<string> IdAsync(string name) => (await opened.SelectAsync(name)).Folder.MailboxId;
    }

    [Fact]
    public async Task Replies_join_by_references_by_in_reply_to_and_at_last_by_subject()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Message-ID: <1@a>\nSubject: Plans\n\nx");
        await opened.AppendAsync("INBOX", "Message-ID: <2@a>\nReferences: <0@a> <1@a>\nSubject: something else\n\nx");
        await opened.AppendAsync("INBOX", "Message-ID: <3@a>\nIn-Reply-To: <2@a> (Ann's message)\nSubject: y\n\nx");
        await opened.AppendAsync("INBOX", "Message-ID: <4@a>\nSubject: RE: [team] Fwd:  plans\n\nx");
        // An answer that came before its question: the question joins it.
        await opened.AppendAsync("INBOX", "Message-ID: <6@a>\nReferences: <5@a>\nSubject: z\n\nx");
        await opened.AppendAsync("INBOX", "Message-ID: <5@a>\nSubject: w\n\nx");
        // The same subject is no reply; voice messages are all called alike.
        await opened.AppendAsync("INBOX", "Message-ID: <7@a>\nSubject: Plans\n\nx");
        await opened.AppendAsync("INBOX", OpenedStore.Voice());
        await opened.AppendAsync("INBOX", "Subject: Re: Voice Mail\n\nx");
        var threads = (await ReadAsync(opened, "INBOX")).Select(m => m.ThreadId!).ToList();
        var names = threads.Distinct().ToList();
        threads.Select(t => names.IndexOf(t)).ShouldBe([0, 0, 0, 0, 1, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_conversation_is_forgotten_with_its_last_message_and_its_id_never_used_again()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Message-ID: <1@a>\nSubject: Plans\n\nx");
        var before = (await ReadAsync(opened, "INBOX"))[0].ThreadId;
        await MessageTests.DeleteAllAsync(opened, "INBOX");
        (await opened.Store.Readers.ReadAsync(sql => sql.Number("SELECT count(*) FROM thread_keys"), default)).ShouldBe(0);
        await opened.AppendAsync("INBOX", "In-Reply-To: <1@a>\nSubject: Re: Plans\n\nx");
        (await ReadAsync(opened, "INBOX"))[0].ThreadId.ShouldNotBe(before);
    }

    [Fact]
    public async Task A_message_with_endless_references_costs_a_bounded_number_of_rows()
    {
        await using var opened = await OpenedStore.NewAsync();
        var references = string.Concat(Enumerable.Range(0, 5000).Select(i => $" <{i}@{new string('x', 300)}>\n"));
        await opened.AppendAsync("INBOX", "Message-ID: <1@a>\nReferences:" + references + "Subject: <\n\nx");
        (await opened.Store.Readers.ReadAsync(sql => sql.Number("SELECT count(*) FROM thread_keys"), default))!.Value.ShouldBeLessThan(40);
    }

    [Fact]
    public async Task Ids_and_the_save_date_can_be_searched_for()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "Message-ID: <1@a>\n\nx");
        opened.Time.Advance(TimeSpan.FromDays(3));
        await opened.AppendAsync("INBOX", "In-Reply-To: <1@a>\n\nx");
        var (folder, messages) = ((await opened.SelectAsync()).Folder.Id, await ReadAsync(opened, "INBOX"));
        var today = DateOnly.FromDateTime(opened.Time.GetUtcNow().UtcDateTime);
        (await FindAsync(new SearchCriterion.HasEmailId(messages[1].EmailId))).ShouldBe([2u]);
        (await FindAsync(new SearchCriterion.HasThreadId(messages[0].ThreadId!))).ShouldBe([1u, 2u]);
        (await FindAsync(new SearchCriterion.HasThreadId("nonsense"))).ShouldBeEmpty();
        (await FindAsync(new SearchCriterion.SavedDate(today, null))).ShouldBe([2u]);
        (await FindAsync(new SearchCriterion.SavedDate(null, today))).ShouldBe([1u]);

        async Task<IReadOnlyList<uint>> FindAsync(SearchCriterion criterion) => await opened.Mailbox.SearchAsync(folder, criterion, default);
    }

    private static async Task<IReadOnlyList<StoredMessage>> ReadAsync(OpenedStore opened, string folder) =>
        await opened.Mailbox.ReadMessagesAsync((await opened.SelectAsync(folder)).Folder.Id, [UidRange.All], default);
}
