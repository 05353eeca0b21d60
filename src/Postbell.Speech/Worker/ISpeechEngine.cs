using Postbell.Core;

namespace Postbell.Speech.Worker;

/// <summary>A speech engine inside the worker process.</summary>
internal interface ISpeechEngine
{
    /// <summary>Speaks a text at whatever rate the engine has.</summary>
    /// <exception cref="SpeechException">It cannot.</exception>
    PcmAudio Speak(string voice, string text);
}
