using Postbell.Smtp.Outbound;

namespace Postbell.Smtp.Tests.Outbound;

public class OutboundQueueTests
{
    private static readonly OutboundRecipient s_anna = new("anna@example.com");
    private static readonly OutboundRecipient s_ben = new("ben@example.com");

    [Fact]
    public async Task A_message_goes_out_and_its_ledger_has_the_servers_answer()
    {
        await using var room = new OutboundRoom();
        var id = await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Sink.Messages.ShouldHaveSingleItem().Content.ShouldBe(OutboundRoom.Message);
        room.Ledger.Where(r => r.Id == id).Select(static r => r.Stage).ShouldBe([OutboundStage.Queued, OutboundStage.Sent]);
        room.Ledger.Last().Detail.ShouldContain("250 2.0.0 Ok: queued as SINK1");
        System.IO.Directory.EnumerateFiles(room.Folder).ShouldBeEmpty();
        room.Reports.ShouldBeEmpty();
        room.Queue.Statistics.Sent.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_put_off_is_tried_again_with_growing_delay_and_only_for_those_who_wait()
    {
        await using var room = new OutboundRoom();
        room.Sink.Answer = static c => c.Contains("TO:<ben", StringComparison.Ordinal) ? "451 4.3.0 Later" : null;
        await room.EnqueueAsync(s_anna, s_ben);
        await room.RestAsync();
        var start = room.Time.GetUtcNow();
        var entry = room.Queue.Snapshot()[0].Entry;
        entry.NextAttemptAt.ShouldBe(start + TimeSpan.FromMinutes(1));
        entry.Pending.ShouldHaveSingleItem().LastAnswer.ShouldBe("451 4.3.0 Later");
        room.Time.Advance(TimeSpan.FromMinutes(1));
        await room.RestAsync(2);
        room.Queue.Snapshot()[0].Entry.NextAttemptAt.ShouldBe(room.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        room.Sink.Answer = static _ => null;
        room.Time.Advance(TimeSpan.FromMinutes(5));
        await room.EmptyAsync();
        room.Sink.Messages.Select(static m => m.To.Single()).ShouldBe([
            "RCPT TO:<anna@example.com>", "RCPT TO:<ben@example.com>"]);
    }

    [Fact]
    public async Task A_queue_that_is_opened_again_goes_on_where_it_was()
    {
        await using var room = new OutboundRoom();
        room.Sink.Answer = static c => c.Contains("TO:<ben", StringComparison.Ordinal) ? "451 4.3.0 Later" : null;
        var id = await room.EnqueueAsync(s_anna, s_ben);
        await room.RestAsync();
        await File.WriteAllTextAsync(Path.Combine(room.Folder, "left.eml"), "half", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(room.Folder, id + ".json.new"), "half", TestContext.Current.CancellationToken);
        await room.RestartAsync();
        room.Queue.Snapshot().ShouldHaveSingleItem().Entry.Pending.ShouldHaveSingleItem().Recipient.ShouldBe(s_ben);
        System.IO.Directory.EnumerateFiles(room.Folder).Select(Path.GetFileName).Order().ShouldBe([id + ".eml", id + ".json"]);
        room.Sink.Answer = static _ => null;
        room.Queue.RetryNow(id).ShouldBeTrue();
        await room.EmptyAsync();
        room.Sink.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_keeps_messages_and_says_so()
    {
        await using var room = new OutboundRoom();
        room.Sink.Answer = static c => c == "(greeting)" ? "421 4.3.2 Busy" : null;
        var id = await room.EnqueueAsync(s_anna);
        await room.RestAsync();
        room.Queue.Snapshot()[0].Entry.LastProblem.ShouldBe($"127.0.0.1:{room.Sink.Port} refused greeting: 421 4.3.2 Busy");
        room.Queue.Statistics.SessionFailures.ShouldBe(1);
        room.Ledger.Last().ShouldBe((id, OutboundStage.Deferred, $"anna@example.com by 127.0.0.1:{room.Sink.Port}: 127.0.0.1:{room.Sink.Port} refused greeting: 421 4.3.2 Busy"));
    }

    [Fact]
    public async Task A_full_queue_takes_no_message()
    {
        await using var room = new OutboundRoom { Capacity = 1 };
        await room.RestartAsync();
        room.Sink.Answer = static _ => "421 4.3.2 Busy";
        await room.EnqueueAsync(s_anna);
        await Should.ThrowAsync<OutboundRefusedException>(() => room.EnqueueAsync(s_ben));
    }

    [Theory]
    [InlineData(998, true)]
    [InlineData(999, false)]
    public async Task A_line_that_other_servers_need_not_take_is_refused_for_good(int length, bool isTaken)
    {
        await using var room = new OutboundRoom();
        var content = System.Text.Encoding.ASCII.GetBytes($"Subject: x\r\n\r\nshort\r\n{new string('x', length)}\r\nshort\r\n");
        var sending = room.Queue.EnqueueAsync(new OutboundEnvelope { Sender = "", Recipients = [s_anna] }, content, TestContext.Current.CancellationToken);
        if (isTaken)
        {
            await sending;
            return;
        }

        (await Should.ThrowAsync<OutboundRefusedException>(sending)).IsForever.ShouldBeTrue();
        System.IO.Directory.EnumerateFiles(room.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Bare_line_ends_of_a_message_never_leave()
    {
        await using var room = new OutboundRoom();
        room.Sink.Extensions = ["PIPELINING"];
        var smuggled = "Subject: x\n\nhello\n.\nMAIL FROM:<ceo@example.org>\r.\r\nend"u8.ToArray();
        await room.Queue.EnqueueAsync(new OutboundEnvelope { Sender = "", Recipients = [s_anna] }, smuggled, TestContext.Current.CancellationToken);
        await room.EmptyAsync();
        room.Sink.Messages.ShouldHaveSingleItem().Text.ShouldBe("Subject: x\r\n\r\nhello\r\n.\r\nMAIL FROM:<ceo@example.org>\r\n.\r\nend\r\n");
    }
}
