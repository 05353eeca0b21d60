namespace Postbell.Speech;

/// <summary>What rendering in advance came to.</summary>
/// <param name="Ready">Prompts that are ready now.</param>
/// <param name="Failed">Prompts that are not.</param>
/// <param name="FirstFailure">Why the first of them is not; null when all are ready.</param>
public sealed record WarmUpReport(int Ready, int Failed, SpeechException? FirstFailure);
