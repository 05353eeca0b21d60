using Postbell.Core;
using Postbell.Delivery.Envelopes;
using Postbell.Media.Recording;

namespace Postbell.Delivery.Queueing;

/// <summary>A message on its way. One worker at a time has it; everybody may read <see cref="Info"/>.</summary>
internal sealed class DeliveryJob
{
    private readonly Lock _gate = new();
    private WheelTimer? _timer;
    private int _queued;
    private volatile QueuedMessage _info;

    private DeliveryJob(TraceId id, MessageEnvelope? envelope, QueuedMessage info, long spooledAt)
    {
        Id = id;
        Envelope = envelope;
        SpooledAt = spooledAt;
        _info = info;
    }

    public TraceId Id { get; }

    /// <summary>Null when it cannot be read.</summary>
    public MessageEnvelope? Envelope { get; }

    /// <summary>Timestamp of the clock when the spool had it, or when it was recovered.</summary>
    public long SpooledAt { get; }

    /// <summary>An earlier run of the program had it: its ledger may have rows.</summary>
    public bool IsRecovered { get; private init; }

    public QueuedMessage Info => _info;

    /// <summary>Stages that have their row.</summary>
    public HashSet<string>? Ledger { get; set; }

    public static DeliveryJob Of(SpooledMessage message, TimeProvider time) =>
        new(message.Id, message.Envelope, Describe(message.Envelope), time.GetTimestamp());

    public static DeliveryJob Of(RecoveredRecording recording, TimeProvider time)
    {
        var fault = EnvelopeCodec.TryParse(recording.Envelope, recording.Id, out var envelope);
        if (fault != EnvelopeFault.None)
        {
            var info = new QueuedMessage
            {
                Id = recording.Id, State = QueueState.Quarantined, ReceivedAt = time.GetUtcNow(),
                LastError = $"The envelope is {fault}; {recording.Duration.TotalSeconds:0} s of audio are kept in the journal.",
            };
            return new DeliveryJob(recording.Id, null, info, time.GetTimestamp()) { IsRecovered = true };
        }

        envelope = envelope! with { Interrupted = envelope.Interrupted || !recording.IsComplete };
        return new DeliveryJob(recording.Id, envelope, Describe(envelope), time.GetTimestamp()) { IsRecovered = true };
    }

    public void Update(Func<QueuedMessage, QueuedMessage> change)
    {
        lock (_gate)
        {
            _info = change(_info);
        }
    }

    /// <summary>True for the one who may put it into the line.</summary>
    public bool TryQueue() => Interlocked.Exchange(ref _queued, 1) == 0;

    /// <summary>Makes the calling worker the one who works on it; false when another does already.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            Volatile.Write(ref _queued, 0);
            if (_info.State == QueueState.Working)
            {
                return false;
            }

            _timer?.Cancel();
            _timer = null;
            _info = _info with { State = QueueState.Working, NextAttemptAt = null };
            return true;
        }
    }

    /// <summary>Gives it back until <paramref name="timer"/> fires or somebody asks; null waits for somebody.</summary>
    public void Return(Func<QueuedMessage, QueuedMessage> change, Func<WheelTimer>? timer)
    {
        lock (_gate)
        {
            _info = change(_info);
            _timer = timer?.Invoke();
        }
    }

    /// <summary>No timer brings it back any more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _timer?.Cancel();
        }
    }

    private static QueuedMessage Describe(MessageEnvelope envelope) => new()
    {
        Id = envelope.Id,
        State = QueueState.Waiting,
        Kind = envelope.Kind,
        AccountId = envelope.AccountId,
        RecipientName = envelope.RecipientName,
        ReceivedAt = envelope.ReceivedAt,
        Interrupted = envelope.Interrupted,
    };
}
