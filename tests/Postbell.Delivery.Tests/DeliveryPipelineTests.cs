using System.Text;
using Postbell.Core;
using Postbell.Mailbox;
using static Postbell.Delivery.Tests.PipelineHouse;

namespace Postbell.Delivery.Tests;

public sealed class DeliveryPipelineTests : IAsyncDisposable
{
    private readonly PipelineHouse _house = new();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_message_goes_through_every_stage_with_a_row_for_each_and_leaves_the_journal()
    {
        await _house.StartAsync();
        var id = await _house.LeaveMessage();
        await _house.EmptyQueue();

        _house.Target.Stages(id).ShouldBe(["spooled", "composed", "committed", "notified"]);
        _house.Target.Detail(id, "spooled").ShouldBe("voice, 2.0 s");
        _house.Target.Detail(id, "committed").ShouldBe("INBOX, UID 1");
        _house.Target.Messages[id].ShouldNotBeEmpty();
        await _house.Journal.FlushAsync();
        await _house.RestartAsync();
        _house.Journal.Recovered.ShouldBeEmpty();
        _house.Target.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_note_of_a_missed_call_is_delivered_without_audio()
    {
        await _house.StartAsync();
        var envelope = Sample.Envelope(TraceId.New(_house.Time));
        await _house.Spool.SubmitNoteAsync(envelope, default);
        await _house.EmptyQueue();
        Text(envelope.Id).ShouldContain("Content-Class: missedcall");
        _house.Target.Detail(envelope.Id, "spooled").ShouldBe("missed call");
    }

    [Fact]
    public async Task A_failing_message_waits_longer_and_longer_while_others_pass_it()
    {
        await _house.StartAsync();
        var attempts = 0;
        _house.Target.BeforeCommit = (e, _) => e.AccountId == 13 ? Task.FromException(new IOException($"no {++attempts}")) : Task.CompletedTask;
        var stuck = await _house.LeaveMessage(e => e with { AccountId = 13 });
        await Eventually(() => _house.Pipeline.QueueSnapshot() is [{ State: QueueState.Retrying }]);
        var other = await _house.LeaveMessage();
        await Eventually(() => _house.Target.Messages.ContainsKey(other));

        TimeSpan[] delays = [.. new[] { 1, 5, 30, 120, 300, 900, 900 }.Select(s => TimeSpan.FromSeconds(s))];
        for (var i = 0; i < delays.Length; i++)
        {
            await Eventually(() => _house.Queued(stuck) is { State: QueueState.Retrying } q && q.FailedAttempts == i + 1);
            var queued = _house.Queued(stuck);
            queued.LastError.ShouldBe($"no {i + 1}");
            // The attempt ran somewhere within the last step of the clock.
            var wait = queued.NextAttemptAt!.Value - _house.Time.GetUtcNow();
            wait.ShouldBeInRange(delays[i] - TimeSpan.FromMilliseconds(60), delays[i]);
            _house.Time.Advance(wait - TimeSpan.FromMilliseconds(30));
            attempts.ShouldBe(i + 1);
            _house.Time.Advance(TimeSpan.FromMilliseconds(60));
        }

        await Eventually(() => _house.Queued(stuck).FailedAttempts == 8);
        _house.Target.BeforeCommit = static (_, _) => Task.CompletedTask;
        _house.Time.Advance(TimeSpan.FromMinutes(16));
        await _house.EmptyQueue();
        _house.Target.Stages(stuck).Count(s => s == "retry").ShouldBe(8);
        _house.Target.Stages(stuck).Count(s => s == "composed").ShouldBe(1);
        _house.Pipeline.Statistics.Deposits[(MessageKind.Voice, DepositResult.Failed)].ShouldBe(8);
    }

    [Fact]
    public async Task A_message_that_fails_for_five_days_is_held_never_dropped_and_can_be_tried_by_hand()
    {
        await _house.StartAsync();
        _house.Target.BeforeCommit = static (_, _) => Task.FromException(new IOException("down"));
        var id = await _house.LeaveMessage();
        await Eventually(() => _house.Queued(id).FailedAttempts == 1);
        _house.Time.Advance(TimeSpan.FromDays(5));
        await BeHeldAsync(id);
        _house.Queued(id).NextAttemptAt.ShouldBeNull();
        _house.Target.Stages(id).ShouldContain("held");

        // Held over a restart too, after it was tried again.
        await _house.RestartAsync();
        await BeHeldAsync(id);
        _house.Target.BeforeCommit = static (_, _) => Task.CompletedTask;
        _house.Pipeline.RetryNow(id).ShouldBeTrue();
        await _house.EmptyQueue();
        _house.Target.Messages.Keys.ShouldBe([id]);
        _house.Pipeline.RetryNow(id).ShouldBeFalse();
    }

    [Fact]
    public async Task An_old_message_gets_its_attempts_before_it_is_held()
    {
        await _house.StartAsync();
        _house.Target.BeforeCommit = static (_, _) => Task.FromException(new IOException("not yet"));
        var id = await _house.LeaveMessage(e => e with { ReceivedAt = _house.Time.GetUtcNow() - TimeSpan.FromDays(7) });
        await Eventually(() => _house.Queued(id).FailedAttempts == 1);
        _house.Queued(id).State.ShouldBe(QueueState.Retrying);
        _house.Target.BeforeCommit = static (_, _) => Task.CompletedTask;
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        await _house.EmptyQueue();
        _house.Target.Stages(id).ShouldNotContain("held");
    }

    [Fact]
    public async Task A_message_refused_for_good_is_held_at_once_with_the_reason()
    {
        await _house.StartAsync();
        _house.Target.BeforeCommit = static (_, _) => Task.FromException(new DeliveryRefusedException("There is no such account."));
        var id = await _house.LeaveMessage();
        await Eventually(() => _house.Queued(id).State == QueueState.Held);
        _house.Queued(id).LastError.ShouldBe("There is no such account.");
        _house.Target.Detail(id, "held").ShouldBe("There is no such account.");
    }

    [Fact]
    public async Task Dying_between_commit_and_retire_makes_no_second_message_and_no_second_rows()
    {
        _house.OpenSpool();
        var id = await _house.LeaveMessage();
        await _house.Target.CommitAsync(Sample.Envelope(id), new byte[] { 1 }, default);
        await _house.Target.AppendLedgerAsync(id, "spooled", "", default);
        await _house.Target.AppendLedgerAsync(id, "composed", "", default);

        await _house.StopAsync();
        await _house.StartAsync();
        await _house.EmptyQueue();
        _house.Target.Messages[id].ShouldBe([1]);
        _house.Target.Stages(id).ShouldBe(["spooled", "composed", "committed", "notified"]);
        _house.Target.Detail(id, "committed").ShouldContain("already");
        _house.Pipeline.Statistics.Deposits[(MessageKind.Voice, DepositResult.Duplicate)].ShouldBe(1);
    }

    [Fact]
    public async Task An_interrupted_recording_is_recovered_before_calls_are_taken_and_delivered_marked()
    {
        _house.OpenSpool();
        var id = _house.DieDuringMessage(seconds: 3);
        await _house.StopAsync();

        var release = new TaskCompletionSource();
        _house.Target.BeforeCommit = (_, _) => release.Task;
        await _house.StartAsync();
        _house.Queued(id).Interrupted.ShouldBeTrue();
        release.SetResult();
        await _house.EmptyQueue();
        _house.Target.Stages(id).ShouldBe(["interrupted", "spooled", "composed", "committed", "notified"]);
        Text(id).ShouldContain("X-Postbell-Interrupted: yes");
        Text(id).ShouldContain("Subject: Voice Mail from Jane Doe (3 seconds, interrupted)");
        _house.Pipeline.Statistics.Interrupted.ShouldBe(1);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    public async Task An_interrupted_recording_without_enough_speech_becomes_a_missed_call(double seconds)
    {
        _house.OpenSpool();
        var id = _house.DieDuringMessage(seconds);
        await _house.StopAsync();
        await _house.StartAsync();
        await _house.EmptyQueue();
        Text(id).ShouldContain("Content-Class: missedcall");
        Text(id).ShouldContain("X-Postbell-Interrupted: yes");
        _house.Target.Detail(id, "interrupted").ShouldContain("missed call");
    }

    [Fact]
    public async Task Long_silence_is_not_enough_speech()
    {
        _house.OpenSpool();
        var id = TraceId.New(_house.Time);
        Sample.Speak(_house.Spool.Begin(Sample.Envelope(id)).Sink, Enumerable.Repeat((byte)0xFF, 80_000).ToArray());
        await _house.StopAsync();
        await _house.StartAsync();
        await _house.EmptyQueue();
        Text(id).ShouldContain("Content-Class: missedcall");
    }

    [Fact]
    public async Task A_voice_message_without_any_audio_becomes_a_missed_call()
    {
        await _house.StartAsync();
        var id = await _house.LeaveMessage(seconds: 0);
        await _house.EmptyQueue();
        Text(id).ShouldContain("Content-Class: missedcall");
    }

    [Fact]
    public async Task An_unreadable_envelope_is_quarantined_where_everybody_sees_it_and_blocks_nobody()
    {
        _house.OpenSpool();
        var poison = TraceId.New(_house.Time);
        var recording = _house.Journal.Begin(poison, "{ not an envelope"u8.ToArray());
        Sample.Speak(recording, Sample.Speech(TimeSpan.FromSeconds(4)));
        await recording.CompleteAsync("{ not an envelope"u8.ToArray(), default);
        var good = await _house.LeaveMessage();
        for (var start = 0; start < 2; start++)
        {
            await _house.StopAsync();
            await _house.StartAsync();
            await Eventually(() => _house.Pipeline.QueueSnapshot().Count == 1);
            var queued = _house.Queued(poison);
            queued.State.ShouldBe(QueueState.Quarantined);
            queued.LastError!.ShouldContain("Malformed");
            queued.LastError!.ShouldContain("4 s of audio");
            _house.Pipeline.RetryNow(poison).ShouldBeFalse();
            await Eventually(() => _house.Target.Stages(poison).SequenceEqual(["held"]));
        }

        _house.Target.Messages.Keys.ShouldBe([good]);
        (await _house.Journal.ReadAsync(poison, default)).Duration.ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_ledger_that_is_down_is_counted_and_holds_no_message_up()
    {
        await _house.StartAsync();
        _house.Target.IsLedgerDown = true;
        var id = await _house.LeaveMessage();
        await _house.EmptyQueue();
        _house.Target.Messages.ContainsKey(id).ShouldBeTrue();
        _house.Pipeline.Statistics.LedgerFailures.ShouldBe(4);
    }

    [Fact]
    public async Task Whoever_wants_to_know_is_told_after_the_commit_and_may_fail()
    {
        var told = new List<DeliveredMessage>();
        _house.Notify = (m, _) =>
        {
            told.Add(m);
            throw new IOException("nobody home");
        };
        await _house.StartAsync();
        var id = await _house.LeaveMessage();
        await _house.EmptyQueue();
        told.ShouldHaveSingleItem().Envelope.Id.ShouldBe(id);
        _house.Target.Detail(id, "notified").ShouldBe("failed: nobody home");
    }

    [Fact]
    public async Task A_target_that_hangs_costs_one_attempt_and_not_a_worker()
    {
        _house.Options = new DeliveryOptions { Parallelism = 1 };
        await _house.StartAsync();
        var hanging = true;
        var entered = 0;
        _house.Target.BeforeCommit = (_, ct) =>
        {
            entered++;
            return hanging ? Task.Delay(Timeout.Infinite, ct) : Task.CompletedTask;
        };
        var id = await _house.LeaveMessage();
        await Eventually(() => entered == 1);
        hanging = false;
        _house.Time.Advance(TimeSpan.FromMinutes(3));
        await Eventually(() => _house.Pipeline.QueueSnapshot() is [] or [{ State: QueueState.Retrying }]);
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        await _house.EmptyQueue();
        _house.Target.Messages.ContainsKey(id).ShouldBeTrue();
        _house.Target.Detail(id, "retry").ShouldContain("took longer");
    }

    [Fact]
    public async Task No_more_messages_than_allowed_are_worked_on_at_once()
    {
        _house.Options = new DeliveryOptions { Parallelism = 3 };
        await _house.StartAsync();
        var release = new TaskCompletionSource();
        _house.Target.BeforeCommit = (_, _) => release.Task;
        for (var i = 0; i < 10; i++)
        {
            await _house.LeaveMessage();
        }

        await Eventually(() => _house.Pipeline.QueueSnapshot().Count(m => m.State == QueueState.Working && m.Stage == "composed") == 3);
        _house.Pipeline.Statistics.Queue[QueueState.Waiting].ShouldBe(7);
        release.SetResult();
        await _house.EmptyQueue();
        _house.Target.MostAtOnce.ShouldBe(3);
    }

    [Fact]
    public async Task Stopping_leaves_the_rest_for_the_next_start()
    {
        await _house.StartAsync();
        _house.Target.BeforeCommit = static (_, ct) => Task.Delay(Timeout.Infinite, ct);
        var ids = new List<TraceId>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await _house.LeaveMessage());
        }

        await _house.StopAsync();
        _house.Target.BeforeCommit = static (_, _) => Task.CompletedTask;
        await _house.StartAsync();
        await _house.EmptyQueue();
        _house.Target.Messages.Keys.Order().ShouldBe(ids.Order());
    }

    [Fact]
    public async Task The_figures_say_what_happened_and_how_long_it_took()
    {
        await _house.StartAsync();
        _house.Target.BeforeCommit = (e, _) =>
        {
            _house.Time.Advance(TimeSpan.FromMilliseconds(300));
            return e.AccountId == 13 ? throw new DeliveryRefusedException("no") : Task.CompletedTask;
        };
        await _house.LeaveMessage();
        await Eventually(() => _house.Target.Messages.Count == 1);
        await _house.EmptyQueue();
        await _house.LeaveMessage(e => e with { AccountId = 13 });
        await Eventually(() => _house.Pipeline.QueueSnapshot() is [{ State: QueueState.Held }]);
        _house.Time.Advance(TimeSpan.FromSeconds(10));

        var figures = _house.Pipeline.Statistics;
        figures.Deposits[(MessageKind.Voice, DepositResult.Delivered)].ShouldBe(1);
        figures.Deposits[(MessageKind.Voice, DepositResult.Held)].ShouldBe(1);
        figures.CommitSeconds.Sum().ShouldBe(1);
        figures.CommitSeconds[6].ShouldBe(1);
        figures.CommitSecondsSum.ShouldBe(0.3, 0.1);
        figures.Queue[QueueState.Held].ShouldBe(1);
        figures.Oldest.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Lost_audio_is_said_in_the_ledger()
    {
        _house.OpenSpool();
        var id = await _house.LeaveMessage();
        await _house.StopAsync();
        DamageAudio();
        await _house.StartAsync();
        await _house.EmptyQueue();
        _house.Target.Detail(id, "spooled").ShouldContain("were lost");
        Text(id).ShouldContain("Content-Class: Voice-CA");
    }

    private void DamageAudio()
    {
        var segment = System.IO.Directory.GetFiles(_house.SpoolFolder, "*.pbj").Order().First();
        var bytes = File.ReadAllBytes(segment);
        bytes[bytes.AsSpan().IndexOf(Sample.Speech(TimeSpan.FromSeconds(0.1)))] ^= 1;
        File.WriteAllBytes(segment, bytes);
    }

    private string Text(TraceId id) => Encoding.ASCII.GetString(_house.Target.Messages[id]);

    private Task BeHeldAsync(TraceId id) => Eventually(() =>
    {
        _house.Time.Advance(TimeSpan.FromMinutes(16));
        return _house.Queued(id).State == QueueState.Held;
    });
}
