namespace Postbell.Speech;

/// <summary>Words and the voice that says them.</summary>
/// <param name="Voice">Name of the engine's voice.</param>
/// <param name="Text">What it says.</param>
public readonly record struct PromptSpeech(string Voice, string Text);
