namespace Postbell.Media.Engine;

/// <summary>Counters of one engine thread: written by it, read by any.</summary>
internal sealed class EngineCounters
{
    public long PacketsIn;
    public long PacketsOut;
    public long Foreign;
    public long Malformed;
    public long Unauthentic;
    public long SendFailures;
    public long SkippedTicks;
}
