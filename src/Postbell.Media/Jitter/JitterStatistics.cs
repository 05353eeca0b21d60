namespace Postbell.Media.Jitter;

/// <summary>What a jitter buffer did so far. Times are in milliseconds.</summary>
/// <param name="TargetMs">Delay it wants.</param>
/// <param name="DelayMs">Delay it has.</param>
/// <param name="ConcealedMs">Sound made up for what was lost or late.</param>
/// <param name="InsertedMs">Sound put in to become slower.</param>
/// <param name="RemovedMs">Sound left out to become faster.</param>
/// <param name="Late">Packets that came after their time.</param>
/// <param name="Overflowed">Packets thrown away because too many waited.</param>
public readonly record struct JitterStatistics(int TargetMs, int DelayMs, long ConcealedMs, long InsertedMs, long RemovedMs, long Late, long Overflowed);
