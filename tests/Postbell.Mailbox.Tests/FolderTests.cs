namespace Postbell.Mailbox.Tests;

public sealed class FolderTests
{
    [Fact]
    public async Task A_new_account_has_its_standard_folders()
    {
        await using var opened = await OpenedStore.NewAsync();
        var folders = await opened.Mailbox.ListFoldersAsync(default);
        folders.Select(f => (f.Name, f.Use)).ShouldBe(
        [
            ("INBOX", FolderUse.None), ("Archive", FolderUse.Archive), ("Drafts", FolderUse.Drafts), ("Junk", FolderUse.Junk),
            ("Sent", FolderUse.Sent), ("Trash", FolderUse.Trash),
        ]);
        folders.ShouldAllBe(f => f.Subscribed && f.Selectable && !f.HasChildren);
        folders.Select(f => f.UidValidity).Distinct().Count().ShouldBe(6);
        (await opened.Mailbox.FindFolderAsync("InBox", default))!.Name.ShouldBe("INBOX");
    }

    [Fact]
    public async Task Missing_levels_are_made_with_a_nested_folder()
    {
        await using var opened = await OpenedStore.NewAsync();
        (await opened.Mailbox.CreateFolderAsync("Work/Über/日本/", default)).Name.ShouldBe("Work/Über/日本");
        (await opened.Mailbox.FindFolderAsync("Work/Über", default))!.HasChildren.ShouldBeTrue();
        (await Refusal(opened.Mailbox.CreateFolderAsync("Work", default))).ShouldBe(MailboxFailure.FolderExists);
        (await Refusal(opened.Mailbox.CreateFolderAsync("inbox", default))).ShouldBe(MailboxFailure.FolderExists);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a\r\nb")]
    [InlineData("a\0b")]
    [InlineData("\ud800")]
    public async Task A_senseless_name_is_refused(string name)
    {
        await using var opened = await OpenedStore.NewAsync();
        (await Refusal(Task.Run(() => opened.Mailbox.CreateFolderAsync(name, default)))).ShouldBe(MailboxFailure.InvalidFolderName);
        (await Refusal(Task.Run(() => opened.Mailbox.CreateFolderAsync(new string('x', 2000), default)))).ShouldBe(MailboxFailure.InvalidFolderName);
    }

    [Fact]
    public async Task Deleting_a_folder_takes_its_messages_and_a_new_one_of_the_name_has_another_uidvalidity()
    {
        await using var opened = await OpenedStore.NewAsync();
        var first = await opened.Mailbox.CreateFolderAsync("Work", default);
        await opened.AppendAsync("Work", "a: b\n\n1");
        await opened.Mailbox.DeleteFolderAsync("Work", default);
        (await Refusal(opened.Mailbox.ReadStatusAsync("Work", default))).ShouldBe(MailboxFailure.NoSuchFolder);
        (await opened.Mailbox.ReadChangesAsync(first.Id, 0, default)).Exists.ShouldBeFalse();

        var second = await opened.Mailbox.CreateFolderAsync("Work", default);
        second.UidValidity.ShouldBeGreaterThan(first.UidValidity);
        second.Id.ShouldNotBe(first.Id);
        (await opened.SelectAsync("Work")).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_with_children_becomes_a_bare_name_and_can_be_made_again()
    {
        await using var opened = await OpenedStore.NewAsync();
        var first = await opened.Mailbox.CreateFolderAsync("Work", default);
        await opened.Mailbox.CreateFolderAsync("Work/New", default);
        await opened.AppendAsync("Work", "a: b\n\n1");
        await opened.Mailbox.DeleteFolderAsync("Work", default);

        (await opened.Mailbox.FindFolderAsync("Work", default))!.Selectable.ShouldBeFalse();
        (await Refusal(opened.SelectAsync("Work"))).ShouldBe(MailboxFailure.NotSelectable);
        (await Refusal(opened.Mailbox.DeleteFolderAsync("Work", default))).ShouldBe(MailboxFailure.FolderHasChildren);
        (await Refusal(opened.AppendAsync("Work", "x"))).ShouldBe(MailboxFailure.NotSelectable);
        var again = await opened.Mailbox.CreateFolderAsync("Work", default);
        again.Selectable.ShouldBeTrue();
        again.UidValidity.ShouldBeGreaterThan(first.UidValidity);
    }

    [Theory]
    [InlineData("INBOX")]
    [InlineData("inbox")]
    [InlineData("Trash")]
    public async Task Standard_folders_cannot_be_deleted(string name)
    {
        await using var opened = await OpenedStore.NewAsync();
        (await Refusal(opened.Mailbox.DeleteFolderAsync(name, default))).ShouldBe(MailboxFailure.FolderIsProtected);
    }

    [Fact]
    public async Task Renaming_takes_children_along_and_keeps_uids()
    {
        await using var opened = await OpenedStore.NewAsync();
        var before = await opened.Mailbox.CreateFolderAsync("a", default);
        await opened.Mailbox.CreateFolderAsync("a/b", default);
        await opened.Mailbox.CreateFolderAsync("ab", default);
        await opened.AppendAsync("a", "x: y\n\n1");
        await opened.Mailbox.RenameFolderAsync("a", "new/place", default);

        (await opened.Mailbox.ListFoldersAsync(default)).Select(f => f.Name)
            .ShouldBe(["INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash", "ab", "new", "new/place", "new/place/b"]);
        var after = await opened.SelectAsync("new/place");
        after.Folder.UidValidity.ShouldBe(before.UidValidity);
        after.Rows.ShouldHaveSingleItem().Uid.ShouldBe(1u);
    }

    [Fact]
    public async Task Renaming_INBOX_moves_its_messages_and_leaves_it_empty()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Mailbox.CreateFolderAsync("INBOX/sub", default);
        await opened.AppendAsync("INBOX", "x: y\n\n1", "\\Seen");
        await opened.Mailbox.RenameFolderAsync("inbox", "Old", default);
        (await opened.SelectAsync()).Rows.ShouldBeEmpty();
        (await opened.SelectAsync("Old")).Rows.ShouldHaveSingleItem().Flags.Has(SystemFlags.Seen).ShouldBeTrue();
        (await opened.Mailbox.FindFolderAsync("INBOX/sub", default)).ShouldNotBeNull();
        (await opened.AppendAsync("INBOX", "x: y\n\n2")).ShouldBe(2u);
    }

    [Fact]
    public async Task Impossible_renames_are_refused()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Mailbox.CreateFolderAsync("a", default);
        (await Refusal(opened.Mailbox.RenameFolderAsync("a", "Sent", default))).ShouldBe(MailboxFailure.FolderExists);
        (await Refusal(opened.Mailbox.RenameFolderAsync("a", "a/b", default))).ShouldBe(MailboxFailure.InvalidFolderName);
        (await Refusal(opened.Mailbox.RenameFolderAsync("zzz", "b", default))).ShouldBe(MailboxFailure.NoSuchFolder);
    }

    [Fact]
    public async Task Subscriptions_are_names_and_outlive_folders()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Mailbox.CreateFolderAsync("Work", default);
        await opened.Mailbox.SetSubscribedAsync("Work", true, default);
        await opened.Mailbox.SetSubscribedAsync("Junk", false, default);
        await opened.Mailbox.DeleteFolderAsync("Work", default);
        (await opened.Mailbox.ListSubscriptionsAsync(default)).ShouldBe(["Archive", "Drafts", "INBOX", "Sent", "Trash", "Work"]);
        (await opened.Mailbox.FindFolderAsync("Junk", default))!.Subscribed.ShouldBeFalse();
    }

    [Fact]
    public async Task Status_counts_what_is_there()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "x: y\n\n1", "\\Seen");
        await opened.AppendAsync("INBOX", "x: y\n\n2", "\\Deleted");
        var status = await opened.Mailbox.ReadStatusAsync("INBOX", default);
        (status.Messages, status.Unseen, status.Deleted, status.Recent, status.UidNext, status.Size).ShouldBe((2, 1, 1, 2, 3u, 18L));
        status.HighestModSeq.ShouldBe((await opened.SelectAsync()).HighestModSeq);
    }

    internal static async Task<MailboxFailure> Refusal(Task task) => (await Should.ThrowAsync<MailboxException>(task)).Reason;
}
