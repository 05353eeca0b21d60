using Postbell.TestKit;

namespace Postbell.Mailbox.Tests.Durability;

public sealed class MigrationTests
{
    [Fact]
    public async Task A_database_of_the_first_version_is_brought_up_to_date_with_everything_in_it()
    {
        using var directory = new TemporaryDirectory();
        OldDatabase.Create(directory, messages: 3);
        await using var store = await OpenedStore.OpenAsync(directory, new ManualTime());
        var account = (await store.FindAccountAsync("old", default))!;
        var mailbox = await store.OpenMailboxAsync(account.Id, default);
        var usage = await mailbox.ReadUsageAsync(default);
        (usage.Octets, usage.Messages).ShouldBe((Enumerable.Range(1, 3).Sum(i => (long)OldDatabase.Message(i).Length), 3L));
        var messages = await mailbox.ReadMessagesAsync((await mailbox.OpenFolderAsync("INBOX", true, default)).Folder.Id, [UidRange.All], default);
        messages.Select(m => m.Envelope.Subject).ShouldBe(["message 1", "Re: message 1", "message 3"]);
        messages.ShouldAllBe(m => m.SavedAt == null && m.EmailId.Length > 0);
        (await mailbox.ReadPreviewAsync(messages[2], default)).ShouldBe("words 3");
        (await mailbox.AppendAsync("INBOX", [new NewMessage { Message = OpenedStore.Bytes("a: b\n\nx") }], default))[0].Uid.ShouldBe(4u);
    }
}
