using System.Net;

namespace Postbell.Bench.Load;

internal enum CallState
{
    Waiting,
    Inviting,
    Up,
    Ending,
    Done,
    Failed,
}

/// <summary>One call of the generator. All times are nanoseconds of the kernel's clock.</summary>
internal sealed class Call(int index, int startFrame)
{
    public int Index { get; } = index;

    public CallState State { get; set; }

    public IPEndPoint? Remote { get; set; }

    public string ToHeader { get; set; } = "";

    public string Contact { get; set; } = "";

    public string LastRequest { get; set; } = "";

    public int Attempts { get; set; }

    public long NextAttempt { get; set; }

    public long InvitedAt { get; set; }

    public long AnsweredAt { get; set; }

    public long EndedAt { get; set; }

    /// <summary>When the next thing of it is due; a timer with another time is out of date.</summary>
    public long Due { get; set; }

    public bool Speaking { get; set; }

    public long SpeakAt { get; set; }

    public int FramesSent { get; set; }

    /// <summary>Where in the minute of speech this call begins.</summary>
    public int StartFrame { get; } = startFrame;

    public ushort Sequence { get; set; }

    public long FirstPacketAt { get; set; }

    public int PacketsReceived { get; set; }

    public ushort FirstSequence { get; set; }

    public ushort LastSequence { get; set; }

    public int Lost { get; set; }

    /// <summary>Arrival of each packet less its place in the 20 ms grid.</summary>
    public List<float> Offsets { get; } = [];

    public string Failure { get; set; } = "";

    public bool Over => State is CallState.Done or CallState.Failed;
}
