using Postbell.Core;

namespace Postbell.Media.Recording;

internal enum CommandKind
{
    Begin,
    Restart,
    Complete,
    Discard,
    Retire,
    Read,
    Flush,
}

/// <summary>Work for the writer thread, done in the order submitted.</summary>
internal sealed record JournalCommand(CommandKind Kind, TraceId Id, JournalRecording? Recording)
{
    public ReadOnlyMemory<byte> Envelope { get; init; }

    public ushort Generation { get; init; }

    /// <summary>Ends when the command is done: Complete and Flush after the sync. Null result: no such recording.</summary>
    public TaskCompletionSource<RecordingSnapshot?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool NeedsSync => Kind is CommandKind.Complete or CommandKind.Flush;

    /// <summary>Somebody waits for it.</summary>
    public bool IsUrgent => Kind is CommandKind.Restart or CommandKind.Complete or CommandKind.Read or CommandKind.Flush;
}
