using Postbell.Core;
using Postbell.Delivery.Envelopes;
using Postbell.Mailbox;
using Postbell.Media.Recording;

namespace Postbell.Delivery;

/// <summary>
/// Where a call leaves its message. What <see cref="SpoolEntry.SubmitAsync"/> or <see cref="SubmitNoteAsync"/> accepted is on disk and will be
/// delivered, whatever happens to the program afterwards.
/// </summary>
public sealed class Spool
{
    private readonly Lock _gate = new();
    private readonly Queue<SpooledMessage> _waiting = [];
    private Action<SpooledMessage>? _receiver;

    /// <summary>Creates the spool over an open journal. The journal belongs to the caller.</summary>
    public Spool(RecordingJournal journal) => Journal = journal;

    /// <summary>Why <see cref="Begin"/> would refuse now; <see cref="JournalRefusal.None"/> when it would not.</summary>
    public JournalRefusal Refusal => Journal.Refusal;

    /// <summary>The journal below: statistics and health.</summary>
    public RecordingJournal Journal { get; }

    /// <summary>Begins a message. From the next flush (about a second) on it survives the death of the program as an interrupted one.</summary>
    /// <param name="envelope">What is known so far.</param>
    /// <exception cref="JournalRefusedException">No message can be taken now; its reason says why.</exception>
    public SpoolEntry Begin(MessageEnvelope envelope) =>
        new(this, Journal.Begin(envelope.Id, EnvelopeCodec.Serialize(envelope)));

    /// <summary>Leaves a note without audio (a missed call); durable when the task has ended well.</summary>
    /// <exception cref="JournalRefusedException">It could not be made durable.</exception>
    public async Task SubmitNoteAsync(MessageEnvelope envelope, CancellationToken cancellation)
    {
        var note = envelope with { Kind = MessageKind.MissedCall };
        await Begin(note).SubmitAsync(note, cancellation).ConfigureAwait(false);
    }

    /// <summary>Leaves a text message; durable when the task has ended well.</summary>
    /// <param name="envelope">Of kind <see cref="MessageKind.Text"/>, with its text.</param>
    /// <param name="cancellation">Ends the wait; what was begun is not taken back.</param>
    /// <exception cref="JournalRefusedException">It could not be made durable.</exception>
    public Task SubmitTextAsync(MessageEnvelope envelope, CancellationToken cancellation) =>
        envelope is { Kind: MessageKind.Text, Text: not null }
            ? Begin(envelope).SubmitAsync(envelope, cancellation)
            : throw new ArgumentException("That is no text message.", nameof(envelope));

    /// <summary>
    /// Gives every message that is durable, now and from now on, to <paramref name="receiver"/>, which must only take it over. Null: they wait here.
    /// </summary>
    internal void Connect(Action<SpooledMessage>? receiver)
    {
        lock (_gate)
        {
            _receiver = receiver;
            while (receiver is not null && _waiting.TryDequeue(out var message))
            {
                receiver(message);
            }
        }
    }

    internal void HandOver(TraceId id, MessageEnvelope envelope)
    {
        lock (_gate)
        {
            var message = new SpooledMessage(id, envelope);
            if (_receiver is { } receiver)
            {
                receiver(message);
            }
            else
            {
                _waiting.Enqueue(message);
            }
        }
    }
}
