namespace Postbell.Media;

/// <summary>How a playback ended.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Digit">The key that interrupted it; null when everything was played.</param>
/// <param name="Position">How much of the whole list had been sent.</param>
public readonly record struct PlayResult(PlayEnd End, char? Digit, TimeSpan Position);
