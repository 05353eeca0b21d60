using Postbell.Core;
using Postbell.Delivery.Envelopes;
using Postbell.Media;
using Postbell.Media.Recording;

namespace Postbell.Delivery;

/// <summary>One message being left. It ends with exactly one of <see cref="SubmitAsync"/> and <see cref="Discard"/>.</summary>
public sealed class SpoolEntry
{
    private readonly Spool _spool;
    private readonly JournalRecording _recording;

    internal SpoolEntry(Spool spool, JournalRecording recording)
    {
        _spool = spool;
        _recording = recording;
    }

    /// <summary>The call.</summary>
    public TraceId Id => _recording.Id;

    /// <summary>Where the audio goes.</summary>
    public IRecordingSink Sink => _recording;

    /// <summary>Length of the audio so far.</summary>
    public TimeSpan Duration => _recording.Duration;

    /// <summary>Erases the audio so far.</summary>
    public Task RestartAsync() => _recording.RestartAsync();

    /// <summary>Reads the audio so far, for replay.</summary>
    public ValueTask<RecordedAudio> ReadAsync() => _recording.ReadAsync();

    /// <summary>
    /// Hands the message over. When the task has ended well it is durable and will be delivered; only then may the caller be told so.
    /// A cancelled wait takes nothing back.
    /// </summary>
    /// <param name="final">The envelope as it shall be delivered; of kind missed call, the audio is dropped.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JournalRefusedException">It could not be made durable.</exception>
    public Task SubmitAsync(MessageEnvelope final, CancellationToken cancellation)
    {
        if (final.Id != Id)
        {
            throw new ArgumentException("The envelope belongs to another call.", nameof(final));
        }

        return CompleteAsync(final).WaitAsync(cancellation);
    }

    /// <summary>Forgets the message: nothing is delivered.</summary>
    public void Discard() => _recording.Discard();

    private async Task CompleteAsync(MessageEnvelope final)
    {
        await _recording.CompleteAsync(EnvelopeCodec.Serialize(final), CancellationToken.None).ConfigureAwait(false);
        _spool.HandOver(Id, final);
    }
}
