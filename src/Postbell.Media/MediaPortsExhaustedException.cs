namespace Postbell.Media;

/// <summary>No free pair of ports is left in the configured range.</summary>
public sealed class MediaPortsExhaustedException : Exception
{
    /// <summary>Names the range that is used up.</summary>
    public MediaPortsExhaustedException(int firstPort, int lastPort)
        : base($"No free RTP port is left between {firstPort} and {lastPort}.")
    {
    }

    /// <summary>Says what else is used up.</summary>
    public MediaPortsExhaustedException(string message)
        : base(message)
    {
    }
}
