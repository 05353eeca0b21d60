namespace Postbell.Smtp.Outbound;

/// <summary>A message of the queue in memory.</summary>
internal sealed class OutboundJob(OutboundEntry entry)
{
    private readonly Lock _gate = new();

    /// <summary>The message; replaced by the worker that has taken the job, and by a removal while nobody has.</summary>
    public OutboundEntry Entry { get; private set; } = entry;

    /// <summary>What is done with it.</summary>
    public OutboundQueueState State { get; private set; } = OutboundQueueState.Retrying;

    /// <summary>When it is due; far away while it waits or is being sent.</summary>
    public DateTimeOffset Due => State == OutboundQueueState.Retrying ? Entry.NextAttemptAt : DateTimeOffset.MaxValue;

    /// <summary>Puts it into the line; false when it is there or being sent.</summary>
    public bool TryQueue()
    {
        lock (_gate)
        {
            var isFree = State == OutboundQueueState.Retrying;
            State = isFree ? OutboundQueueState.Waiting : State;
            return isFree;
        }
    }

    /// <summary>Takes it out of the line for an attempt.</summary>
    public void Take()
    {
        lock (_gate)
        {
            State = OutboundQueueState.Working;
        }
    }

    /// <summary>Changes the message while it is being sent.</summary>
    public void Set(OutboundEntry entry) => Entry = entry;

    /// <summary>Changes the message unless it is being sent at this moment.</summary>
    public bool TryChange(Func<OutboundEntry, OutboundEntry> change)
    {
        lock (_gate)
        {
            if (State == OutboundQueueState.Working)
            {
                return false;
            }

            Entry = change(Entry);
            return true;
        }
    }

    /// <summary>Gives it back after an attempt.</summary>
    public void Return(OutboundEntry entry)
    {
        lock (_gate)
        {
            (Entry, State) = (entry, OutboundQueueState.Retrying);
        }
    }
}
