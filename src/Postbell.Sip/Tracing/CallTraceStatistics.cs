namespace Postbell.Sip.Tracing;

/// <summary>What tracing did since the start, and what is remembered now.</summary>
/// <param name="Calls">Calls remembered.</param>
/// <param name="Bytes">Bytes of memory their messages take.</param>
/// <param name="Kept">Messages kept.</param>
/// <param name="Dropped">Messages not kept, or given up for newer ones of the same call, because of a limit.</param>
/// <param name="Forgotten">Calls forgotten: too old, or to make room.</param>
/// <param name="Failed">Calls that failed.</param>
public sealed record CallTraceStatistics(int Calls, int Bytes, long Kept, long Dropped, long Forgotten, long Failed);
