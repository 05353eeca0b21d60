using System.Diagnostics.CodeAnalysis;
using Postbell.Core;

namespace Postbell.Speech;

/// <summary>A rendered prompt, or why there is none; then the call plays a tone instead.</summary>
/// <param name="Audio">The audio, 8000 samples a second; null after a failure.</param>
/// <param name="Failure">Why there is none; <see cref="SpeechFailure.None"/> when there is.</param>
public readonly record struct PromptResult(PcmAudio? Audio, SpeechFailure Failure)
{
    /// <summary>True when there is audio.</summary>
    [MemberNotNullWhen(true, nameof(Audio))]
    public bool IsReady => Audio is not null;
}
