using System.Text;

namespace Postbell.Mailbox.Tests;

public sealed class MessageTests
{
    private static readonly UidRange[] All = [UidRange.All];

    [Fact]
    public async Task An_appended_message_comes_back_with_bytes_flags_date_and_structure()
    {
        await using var opened = await OpenedStore.NewAsync();
        var bytes = OpenedStore.Bytes("Subject: Hi\nFrom: Bo <bo@example.com>\nContent-Type: text/html; charset=utf-8\n\n<b>hi</b>\n");
        var date = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.FromHours(2));
        var result = (await opened.Mailbox.AppendAsync(
            "inbox", [new NewMessage { Message = bytes, Flags = MessageFlags.Parse(["\\Seen", "work"]), InternalDate = date }], default)).ShouldHaveSingleItem();
        result.Uid.ShouldBe(1u);

        var snapshot = await opened.SelectAsync();
        snapshot.UidNext.ShouldBe(2u);
        var message = (await opened.Mailbox.ReadMessagesAsync(snapshot.Folder.Id, All, default)).ShouldHaveSingleItem();
        message.Flags.ToString().ShouldBe("\\Seen work");
        message.InternalDate.ShouldBe(date);
        message.Size.ShouldBe(bytes.Length);
        message.Envelope.Subject.ShouldBe("Hi");
        message.Envelope.From![0].Host.ShouldBe("example.com");
        message.Structure.Subtype.ShouldBe("html");
        (await opened.Mailbox.ReadContentAsync(message, default)).ToArray().ShouldBe(bytes);
        var body = await opened.Mailbox.ReadContentAsync(message, message.Structure.BodyStart, 9, default);
        Encoding.ASCII.GetString(body.Span).ShouldBe("<b>hi</b>");
        (await opened.Mailbox.ReadContentAsync(message, bytes.Length - 2, 100, default)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Uids_grow_and_are_not_used_again_after_expunge_and_reopen()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1");
        await opened.AppendAsync("INBOX", "a: b\n\n2", "\\Deleted");
        var folder = (await opened.SelectAsync()).Folder;
        (await opened.Mailbox.ExpungeAsync(folder.Id, All, default)).ShouldBe([2u]);
        await opened.ReopenAsync();
        (await opened.AppendAsync("INBOX", "a: b\n\n3")).ShouldBe(3u);
        (await opened.SelectAsync()).Rows.Select(r => r.Uid).ShouldBe([1u, 3u]);
        (await opened.SelectAsync()).Folder.UidValidity.ShouldBe(folder.UidValidity);
    }

    [Fact]
    public async Task Flags_are_replaced_added_and_removed_with_a_new_modseq_only_when_something_changes()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1", "\\Seen");
        await opened.AppendAsync("INBOX", "a: b\n\n2");
        var before = await opened.SelectAsync();
        var id = before.Folder.Id;

        var seen = await opened.Mailbox.StoreFlagsAsync(id, All, FlagChange.Add, MessageFlags.Parse(["\\Seen"]), null, default);
        seen.Changed.Select(r => r.Uid).ShouldBe([1u, 2u]);
        seen.Changed[0].ModSeq.ShouldBe(before.Rows[0].ModSeq);
        seen.Changed[1].ModSeq.ShouldBeGreaterThan(before.HighestModSeq);

        await opened.Mailbox.StoreFlagsAsync(id, All, FlagChange.Replace, MessageFlags.Parse(["\\Flagged", "$Work", "later"]), null, default);
        var removed = await opened.Mailbox.StoreFlagsAsync(id, [new UidRange(2)], FlagChange.Remove, MessageFlags.Parse(["LATER"]), null, default);
        removed.Changed[0].Flags.ToString().ShouldBe("\\Flagged $Work");
        (await opened.SelectAsync()).Rows[0].Flags.ToString().ShouldBe("\\Flagged $Work later");
    }

    [Fact]
    public async Task A_conditional_store_leaves_newer_messages_alone()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1");
        var old = await opened.SelectAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n2");
        var result = await opened.Mailbox.StoreFlagsAsync(
            old.Folder.Id, All, FlagChange.Add, MessageFlags.Parse(["\\Seen"]), old.HighestModSeq, default);
        result.Changed.Select(r => r.Uid).ShouldBe([1u]);
        result.Modified.ShouldBe([2u]);
    }

    [Theory]
    [InlineData("\\Foo")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a\r\nb")]
    [InlineData("para{")]
    public void A_flag_that_is_no_atom_is_refused(string flag) =>
        Should.Throw<MailboxException>(() => MessageFlags.Parse([flag])).Reason.ShouldBe(MailboxFailure.InvalidFlag);

    [Fact]
    public async Task Copies_share_their_content_until_the_last_one_goes()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1", "\\Flagged");
        var inbox = (await opened.SelectAsync()).Folder.Id;
        var copy = await opened.Mailbox.CopyAsync(inbox, All, "Archive", default);
        copy.Messages.ShouldBe([new CopiedMessage(1, 1)]);
        BlobCount(opened).ShouldBe(1);

        await DeleteAllAsync(opened, "INBOX");
        var archive = await opened.SelectAsync("Archive");
        archive.Rows[0].Flags.ToString().ShouldBe("\\Flagged");
        archive.Folder.UidValidity.ShouldBe(copy.UidValidity);
        var message = (await opened.Mailbox.ReadMessagesAsync(archive.Folder.Id, All, default))[0];
        (await opened.Mailbox.ReadContentAsync(message, default)).Length.ShouldBeGreaterThan(0);

        await DeleteAllAsync(opened, "Archive");
        SpinWait.SpinUntil(() => BlobCount(opened) == 0, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        (await Should.ThrowAsync<MailboxException>(opened.Mailbox.ReadContentAsync(message, default))).Reason.ShouldBe(MailboxFailure.NoSuchMessage);
    }

    [Fact]
    public async Task A_move_takes_messages_out_of_their_folder_and_logs_it()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1");
        await opened.AppendAsync("INBOX", "a: b\n\n2");
        var before = await opened.SelectAsync();
        var moved = await opened.Mailbox.MoveAsync(before.Folder.Id, [new UidRange(2), new UidRange(2, 9)], "Trash", default);
        moved.Messages.ShouldBe([new CopiedMessage(2, 1)]);
        var changes = await opened.Mailbox.ReadChangesAsync(before.Folder.Id, before.HighestModSeq, default);
        changes.Vanished.ShouldBe([2u]);
        changes.Changed.ShouldBeEmpty();
        (await opened.SelectAsync("Trash")).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Copying_into_a_folder_that_is_not_there_changes_nothing()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1");
        var inbox = (await opened.SelectAsync()).Folder.Id;
        (await Should.ThrowAsync<MailboxException>(opened.Mailbox.MoveAsync(inbox, All, "Nowhere", default))).Reason.ShouldBe(MailboxFailure.NoSuchFolder);
        (await opened.SelectAsync()).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Changes_since_a_modseq_tell_new_changed_and_expunged_messages()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1");
        await opened.AppendAsync("INBOX", "a: b\n\n2", "\\Deleted");
        await opened.AppendAsync("INBOX", "a: b\n\n3");
        var start = await opened.SelectAsync();
        await opened.Mailbox.StoreFlagsAsync(start.Folder.Id, [new UidRange(1)], FlagChange.Add, MessageFlags.Parse(["\\Seen"]), null, default);
        await opened.Mailbox.ExpungeAsync(start.Folder.Id, All, default);
        await opened.AppendAsync("INBOX", "a: b\n\n4");

        var changes = await opened.Mailbox.ReadChangesAsync(start.Folder.Id, start.HighestModSeq, default);
        changes.Changed.Select(r => r.Uid).ShouldBe([1u, 4u]);
        changes.Vanished.ShouldBe([2u]);
        changes.UidNext.ShouldBe(5u);
        (await opened.Mailbox.ReadChangesAsync(start.Folder.Id, changes.HighestModSeq, default)).Changed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Recent_messages_are_recent_for_the_first_writing_session_only()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", "a: b\n\n1");
        (await opened.Mailbox.OpenFolderAsync("INBOX", readOnly: true, default)).FirstRecentUid.ShouldBe(1u);
        (await opened.Mailbox.OpenFolderAsync("INBOX", readOnly: false, default)).FirstRecentUid.ShouldBe(1u);
        (await opened.Mailbox.OpenFolderAsync("INBOX", readOnly: false, default)).FirstRecentUid.ShouldBe(2u);
        await opened.AppendAsync("INBOX", "a: b\n\n2");
        (await opened.Mailbox.ReadStatusAsync("INBOX", default)).Recent.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_above_the_limit_is_refused()
    {
        await using var opened = await OpenedStore.NewAsync();
        var huge = new NewMessage { Message = new byte[(64 * 1024 * 1024) + 1] };
        (await Should.ThrowAsync<MailboxException>(opened.Mailbox.AppendAsync("INBOX", [huge], default))).Reason.ShouldBe(MailboxFailure.MessageTooLarge);
        BlobCount(opened).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_voice_message_says_of_itself_is_kept_in_the_row()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", OpenedStore.Voice("high").Replace("Importance", "Sensitivity: Private\nImportance"));
        var folder = (await opened.SelectAsync()).Folder.Id;
        var message = (await opened.Mailbox.ReadMessagesAsync(folder, All, default))[0];
        message.Kind.ShouldBe(MessageKind.Voice);
        message.Importance.ShouldBe(MessageImportance.High);
        message.Sensitivity.ShouldBe(MessageSensitivity.Private);
        message.CallerNumber.ShouldBe("+15551234");
        message.CallerName.ShouldBe("Zoë");
        message.VoiceDuration.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Theory]
    [InlineData("Content-Class: Voice-CA", MessageKind.Voice)]
    [InlineData("Content-Class: voice", MessageKind.Voice)]
    [InlineData("Message-Context: voice-message", MessageKind.Voice)]
    [InlineData("Content-Class: missedcall", MessageKind.MissedCall)]
    [InlineData("Content-Class: fax-ca", MessageKind.Fax)]
    [InlineData("Message-Context: fax-message", MessageKind.Fax)]
    [InlineData("Content-Class: urn:content-classes:message", MessageKind.Mail)]
    public async Task The_kind_of_a_message_comes_from_its_header(string header, MessageKind kind)
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.AppendAsync("INBOX", header + "\n\nx");
        (await opened.Mailbox.ReadMessagesAsync((await opened.SelectAsync()).Folder.Id, All, default))[0].Kind.ShouldBe(kind);
    }

    internal static int BlobCount(OpenedStore opened) =>
        Directory.EnumerateFiles(opened.Directory.File("blobs"), "*", SearchOption.AllDirectories).Count();

    internal static async Task DeleteAllAsync(OpenedStore opened, string folder)
    {
        var id = (await opened.SelectAsync(folder)).Folder.Id;
        await opened.Mailbox.StoreFlagsAsync(id, All, FlagChange.Add, MessageFlags.Parse(["\\Deleted"]), null, default);
        await opened.Mailbox.ExpungeAsync(id, All, default);
    }
}
