using System.Globalization;
using Microsoft.Extensions.Logging;
using Postbell.Delivery.Audio;
using Postbell.Delivery.Composing;
using Postbell.Mailbox;
using Postbell.Media.Recording;
using Postbell.Media.Shaping;

namespace Postbell.Delivery.Queueing;

/// <summary>
/// One way through the stages: spooled, composed, committed, notified, and out of the journal. Every stage may be repeated: composing is pure, the
/// commit knows the call's id, and only after it the journal lets go.
/// </summary>
internal sealed partial class DeliveryAttempt(
    Spool spool,
    IDeliveryTarget target,
    DeliveryOptions options,
    AttachmentEncoder encoder,
    DeliveryCounters counters,
    Func<DeliveredMessage, CancellationToken, Task>? notify,
    TimeProvider time,
    ILogger log)
{
    // Encoding takes whole milliseconds of a core; the other half of the cores stays free for calls.
    private readonly SemaphoreSlim _encoding = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async Task RunAsync(DeliveryJob job, DeliveryLedger ledger, CancellationToken cancellation)
    {
        await ledger.ReadAsync(cancellation).ConfigureAwait(false);
        var (envelope, audio) = await LoadAsync(job, ledger, cancellation).ConfigureAwait(false);
        var attachment = audio is null ? null : await EncodeAsync(audio, envelope, cancellation).ConfigureAwait(false);
        var message = VoiceMessageComposer.Compose(envelope, attachment, options.Identity);
        ledger.Reach(LedgerStage.Composed, Describe(message, audio, attachment));

        var receipt = await target.CommitAsync(envelope, message, cancellation).ConfigureAwait(false);
        ledger.Reach(LedgerStage.Committed, receipt.IsDuplicate ? receipt.Where + " (it was there already)" : receipt.Where);
        counters.Count(envelope.Kind, receipt.IsDuplicate ? DepositResult.Duplicate : DepositResult.Delivered);
        counters.CountCommit(time.GetElapsedTime(job.SpooledAt));

        ledger.Reach(LedgerStage.Notified, await NotifyAsync(new DeliveredMessage(envelope, receipt), cancellation).ConfigureAwait(false));
        await ledger.FlushAsync().ConfigureAwait(false);
        spool.Journal.Retire(job.Id);
    }

    private async Task<(MessageEnvelope Envelope, RecordedAudio? Audio)> LoadAsync(DeliveryJob job, DeliveryLedger ledger, CancellationToken cancellation)
    {
        var envelope = job.Envelope!;
        if (envelope.Kind == MessageKind.Text)
        {
            // It is durable whole or not at all; a death of the server between the two records of it took nothing away.
            ledger.Reach(LedgerStage.Spooled, string.Create(CultureInfo.InvariantCulture, $"text, {envelope.Text!.Length} characters"));
            return (envelope with { Interrupted = false }, null);
        }

        if (envelope.Kind != MessageKind.Voice)
        {
            ledger.Reach(LedgerStage.Spooled, "missed call");
            return (envelope, null);
        }

        var audio = await spool.Journal.ReadAsync(job.Id, cancellation).ConfigureAwait(false);
        var tooLittle = audio.Duration == TimeSpan.Zero || (envelope.Interrupted && audio.MeasureSpeech() < MessageEnvelope.MinimumSpeech);
        if (envelope.Interrupted)
        {
            ledger.Reach(LedgerStage.Interrupted, $"{Seconds(audio.Duration)} recovered{(tooLittle ? ", too little speech: becomes a missed call" : "")}");
        }

        ledger.Reach(LedgerStage.Spooled, $"voice, {Seconds(audio.Duration)}{(audio.Gap > TimeSpan.Zero ? $", of which {Seconds(audio.Gap)} were lost" : "")}");
        if (!tooLittle)
        {
            return (envelope, audio);
        }

        job.Update(static i => i with { Kind = MessageKind.MissedCall });
        return (envelope with { Kind = MessageKind.MissedCall }, null);
    }

    private async Task<AudioAttachment> EncodeAsync(RecordedAudio audio, MessageEnvelope envelope, CancellationToken cancellation)
    {
        await _encoding.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var shaped = RecordingShaper.Shape(audio.ToPcm(), envelope.LevelRecording, envelope.TrimSilence, envelope.EndedByKey, out var shape, envelope.KeysWithin);
            return encoder.Encode(shaped, envelope.Format).Noting(ShapeNote.Of(shape, audio.Duration, shaped.SampleRate));
        }
        finally
        {
            _encoding.Release();
        }
    }

    private async Task<string> NotifyAsync(DeliveredMessage message, CancellationToken cancellation)
    {
        if (notify is null)
        {
            return "change feed";
        }

        try
        {
            await notify(message, cancellation).ConfigureAwait(false);
            return "";
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // The message is where it belongs; a lamp that was not told now learns of it by the next refresh.
            LogNotifyFailed(log, message.Envelope.Id.ToString(), error);
            return "failed: " + error.Message;
        }
    }

    private static string Describe(byte[] message, RecordedAudio? audio, AudioAttachment? attachment)
    {
        var note = attachment is { Note.Length: > 0 } ? "; " + attachment.Note : "";
        return audio is null
            ? string.Create(CultureInfo.InvariantCulture, $"{message.Length} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"{message.Length} bytes, {attachment!.MediaType}{note}");
    }

    private static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");

    [LoggerMessage(LogLevel.Warning, "Nobody could be told of message {Id}")]
    private static partial void LogNotifyFailed(ILogger log, string id, Exception error);
}
