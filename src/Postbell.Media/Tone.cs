using Postbell.Media.Tones;

namespace Postbell.Media;

/// <summary>Ready-made tones.</summary>
public static class Tone
{
    /// <summary>The beep after which one speaks: 1 kHz, 400 ms, -12 dBm0, edges faded so that it does not click.</summary>
    public static AudioClip Beep { get; } = ToneGenerator.Generate(TimeSpan.FromMilliseconds(400), -12, 1000);

    /// <summary>A short high beep: accepted.</summary>
    public static AudioClip Confirmation { get; } = ToneGenerator.Generate(TimeSpan.FromMilliseconds(120), -14, 1400);

    /// <summary>A low double tone: not accepted.</summary>
    public static AudioClip Error { get; } = ToneGenerator.Generate(TimeSpan.FromMilliseconds(300), -14, 350, 440);

    /// <summary>One period of the European ring-back tone: 425 Hz, 1 s on, 4 s off.</summary>
    public static AudioClip RingBack { get; } = ToneGenerator.Generate(
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), -18, 425);
}
