namespace Postbell.Media.Rtp;

/// <summary>A key press that is over.</summary>
/// <param name="Key">0 to 9, *, #, A to D.</param>
/// <param name="DurationMs">How long it was held, in milliseconds, as far as known.</param>
internal readonly record struct EndedPress(char Key, int DurationMs);
