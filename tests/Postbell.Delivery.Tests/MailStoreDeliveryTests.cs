using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.TestKit;

namespace Postbell.Delivery.Tests;

/// <summary>The pipeline with the real store.</summary>
public sealed class MailStoreDeliveryTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly PipelineHouse _house = new();
    private MailStore? _store;

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _data.Dispose();
    }

    [Fact]
    public async Task A_voice_message_lies_in_the_inbox_with_its_kind_and_marks_and_counts_for_the_lamp()
    {
        var account = await OpenAsync();
        var id = await _house.LeaveMessage(e => e with { AccountId = account, HighImportance = true, Private = true });
        await _house.EmptyQueue();

        var mailbox = await _store!.OpenMailboxAsync(account, default);
        var inbox = (await mailbox.FindFolderAsync("INBOX", default))!;
        var message = (await mailbox.ReadMessagesAsync(inbox.Id, [new UidRange(1, uint.MaxValue)], default)).ShouldHaveSingleItem();
        message.Kind.ShouldBe(MessageKind.Voice);
        message.Importance.ShouldBe(MessageImportance.High);
        message.Sensitivity.ShouldBe(MessageSensitivity.Private);
        message.CallerNumber.ShouldBe("+15550100");
        message.CallerName.ShouldBe("Jane Doe");
        message.VoiceDuration.ShouldBe(TimeSpan.FromSeconds(2));
        (await _store.CountVoiceAsync(account, default)).ShouldBe(new VoiceCounts(1, 0, 1, 0));

        var bytes = (await mailbox.ReadContentAsync(message, default)).ToArray();
        var audio = MimeParser.Parse(bytes).Descendants().Single(e => e.Type == "audio");
        audio.FileName.ShouldBe("Jane Doe (2 seconds) Voice Mail" + (_house.Pipeline.CanMp3 ? ".mp3" : ".wav"));
        var rows = await _store.ReadLedgerAsync(id, default);
        rows.Select(r => r.Stage).ShouldBe(["spooled", "composed", "committed", "notified"]);
    }

    [Fact]
    public async Task A_missed_call_lies_in_the_inbox_and_does_not_count_for_the_lamp()
    {
        var account = await OpenAsync();
        await _house.Spool.SubmitNoteAsync(Sample.Envelope() with { AccountId = account }, default);
        await _house.EmptyQueue();
        (await _store!.CountVoiceAsync(account, default)).New.ShouldBe(0);
        var mailbox = await _store.OpenMailboxAsync(account, default);
        var inbox = (await mailbox.FindFolderAsync("INBOX", default))!;
        (await mailbox.ReadMessagesAsync(inbox.Id, [new UidRange(1, uint.MaxValue)], default)).ShouldHaveSingleItem().Kind.ShouldBe(MessageKind.MissedCall);
    }

    [Fact]
    public async Task A_message_for_an_account_that_is_gone_is_held()
    {
        var account = await OpenAsync();
        var id = await _house.LeaveMessage(e => e with { AccountId = account + 1 });
        await PipelineHouse.Eventually(() => _house.Queued(id).State == QueueState.Held);
    }

    [Fact]
    public async Task A_message_committed_before_the_program_died_is_not_there_twice()
    {
        _house.OpenSpool();
        var account = await OpenAsync(start: false);
        var id = await _house.LeaveMessage(e => e with { AccountId = account });
        await new MailStoreTarget(_store!).CommitAsync(Sample.Envelope(id) with { AccountId = account }, "Subject: x\r\n\r\n"u8.ToArray(), default);
        await _house.StopAsync();
        await _house.StartAsync(new MailStoreTarget(_store!));
        await _house.EmptyQueue();
        var mailbox = await _store!.OpenMailboxAsync(account, default);
        (await mailbox.ReadStatusAsync("INBOX", default)).Messages.ShouldBe(1);
    }

    private async Task<long> OpenAsync(bool start = true)
    {
        _store = await MailStore.OpenAsync(new MailStoreOptions { DataDirectory = _data }, _house.Time, NullLoggerFactory.Instance, default);
        var account = await _store.CreateAccountAsync(new NewAccount { UserName = "ada", DisplayName = "Ada Smith" }, default);
        if (start)
        {
            await _house.StartAsync(new MailStoreTarget(_store));
        }

        return account.Id;
    }
}
