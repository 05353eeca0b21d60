namespace Postbell.Media;

/// <summary>How a recording ended; all its audio was handed to the sink before.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Digit">The stop key, when one ended it.</param>
/// <param name="Duration">Length of the audio handed to the sink. Time on hold is not recorded.</param>
/// <param name="SpeechDuration">How much of it was louder than the line's own noise; zero when nobody spoke.</param>
public readonly record struct RecordResult(RecordEnd End, char? Digit, TimeSpan Duration, TimeSpan SpeechDuration);
