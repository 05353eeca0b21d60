using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Delivery.Envelopes;
using Postbell.Mailbox;
using Postbell.Media.Recording;
using Postbell.TestKit;

namespace Postbell.Delivery.Tests;

public sealed class SpoolTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_submitted_message_is_durable_before_the_caller_is_told_and_then_handed_over()
    {
        var envelope = Sample.Envelope();
        await using (var journal = Open())
        {
            var spool = new Spool(journal);
            var entry = spool.Begin(envelope);
            Sample.Speak(entry.Sink, Sample.Speech(TimeSpan.FromSeconds(2)));
            entry.Duration.ShouldBe(TimeSpan.FromSeconds(2));
            await entry.SubmitAsync(envelope with { HighImportance = true }, default);
            Arrived(spool).ShouldHaveSingleItem().Envelope.HighImportance.ShouldBeTrue();
        }

        await using var reopened = Open();
        var found = reopened.Recovered.ShouldHaveSingleItem();
        found.IsComplete.ShouldBeTrue();
        EnvelopeCodec.TryParse(found.Envelope, found.Id, out var read).ShouldBe(EnvelopeFault.None);
        read!.HighImportance.ShouldBeTrue();
        found.Duration.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_caller_who_records_again_leaves_only_the_second_recording()
    {
        await using var journal = Open();
        var entry = new Spool(journal).Begin(Sample.Envelope());
        Sample.Speak(entry.Sink, Sample.Speech(TimeSpan.FromSeconds(2)));
        (await entry.ReadAsync()).Duration.ShouldBe(TimeSpan.FromSeconds(2));
        await entry.RestartAsync();
        Sample.Speak(entry.Sink, Sample.Speech(TimeSpan.FromSeconds(1)));
        (await entry.ReadAsync()).Duration.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_cancelled_message_leaves_nothing()
    {
        await using (var journal = Open())
        {
            var spool = new Spool(journal);
            spool.Begin(Sample.Envelope()).Discard();
            Arrived(spool).ShouldBeEmpty();
        }

        await using var reopened = Open();
        reopened.Recovered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_note_without_audio_is_durable_too_even_after_a_discarded_recording_of_the_same_call()
    {
        await using (var journal = Open())
        {
            var spool = new Spool(journal);
            var entry = spool.Begin(Sample.Envelope());
            Sample.Speak(entry.Sink, Sample.Speech(TimeSpan.FromSeconds(1)));
            entry.Discard();
            await spool.SubmitNoteAsync(Sample.Envelope(), default);
            Arrived(spool).ShouldHaveSingleItem().Envelope.Kind.ShouldBe(MessageKind.MissedCall);
        }

        await using var reopened = Open();
        reopened.Recovered.ShouldHaveSingleItem().Duration.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_cancelled_wait_takes_nothing_back()
    {
        await using var journal = Open();
        var spool = new Spool(journal);
        var entry = spool.Begin(Sample.Envelope());
        await Should.ThrowAsync<OperationCanceledException>(() => entry.SubmitAsync(Sample.Envelope(), new CancellationToken(canceled: true)));
        var arrived = new List<SpooledMessage>();
        spool.Connect(arrived.Add);
        await PipelineHouse.Eventually(() => arrived.Any(m => m.Id == Sample.Id));
    }

    [Fact]
    public async Task An_envelope_of_another_call_is_refused()
    {
        await using var journal = Open();
        var entry = new Spool(journal).Begin(Sample.Envelope());
        Should.Throw<ArgumentException>(() => entry.SubmitAsync(Sample.Envelope(TraceId.New(_time)), default));
    }

    [Fact]
    public async Task A_closed_spool_refuses_by_name()
    {
        var journal = Open();
        var spool = new Spool(journal);
        await journal.DisposeAsync();
        spool.Refusal.ShouldBe(JournalRefusal.Closed);
        await Should.ThrowAsync<JournalRefusedException>(() => spool.SubmitNoteAsync(Sample.Envelope(), default));
    }

    private static List<SpooledMessage> Arrived(Spool spool)
    {
        var arrived = new List<SpooledMessage>();
        spool.Connect(arrived.Add);
        spool.Connect(null);
        return arrived;
    }

    private RecordingJournal Open() =>
        RecordingJournal.Open(new RecordingJournalOptions { Directory = _directory.File("spool") }, _time, NullLogger.Instance);
}
