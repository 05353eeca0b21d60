using System.Text;
using Postbell.Core;
using Postbell.Speech.Worker;

namespace Postbell.Speech.Flite;

/// <summary>flite as the worker's engine. Not safe for more than one thread, as flite is not.</summary>
internal sealed class FliteEngine : ISpeechEngine
{
    /// <summary>Name of the engine.</summary>
    public const string EngineName = "flite";

    private FliteLibrary? _library;

    /// <inheritdoc />
    public PcmAudio Speak(string voice, string text)
    {
        // Loaded with the first request, again after each failure: a package installed later is found without a restart.
        _library ??= FliteLibrary.Load();
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        var (samples, rate) = _library.Speak(voice, bytes);
        return new PcmAudio(samples, rate);
    }
}
