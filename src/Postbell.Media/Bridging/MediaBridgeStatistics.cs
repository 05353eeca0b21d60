using Postbell.Media.Jitter;

namespace Postbell.Media.Bridging;

/// <summary>What a bridge did so far.</summary>
/// <param name="PassedToOne">Packets that reached the first leg as they came from the other.</param>
/// <param name="PassedToOther">The same in the other direction.</param>
/// <param name="HeardByOne">The jitter buffer of what the first leg hears; zeros while packets are passed as they come.</param>
/// <param name="HeardByOther">The same in the other direction.</param>
public readonly record struct MediaBridgeStatistics(long PassedToOne, long PassedToOther, JitterStatistics HeardByOne, JitterStatistics HeardByOther);
