using Postbell.Core;

namespace Postbell.Speech;

/// <summary>Turns text into speech of telephone quality.</summary>
public interface ISpeechSynthesizer
{
    /// <summary>Which engine speaks, for instance <c>flite</c>; audio rendered by another one is not mixed with it.</summary>
    string Engine { get; }

    /// <summary>Speaks one text.</summary>
    /// <param name="voice">Name of the voice, for instance <c>cmu_us_slt</c>.</param>
    /// <param name="text">What to say, at most <see cref="SpeechText.MaxLength"/> characters.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Mono audio with 8000 samples a second.</returns>
    /// <exception cref="SpeechException">It could not be spoken; the reason says why.</exception>
    Task<PcmAudio> SynthesizeAsync(string voice, string text, CancellationToken cancellation);
}
