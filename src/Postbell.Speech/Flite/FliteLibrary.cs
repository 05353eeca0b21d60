using System.Runtime.InteropServices;

namespace Postbell.Speech.Flite;

/// <summary>libflite (BSD-like licence) and its voice libraries, loaded when first used. Only the worker process comes here.</summary>
internal sealed unsafe class FliteLibrary
{
    /// <summary>File name of the library.</summary>
    public const string Name = "libflite.so.1";

    private readonly delegate* unmanaged[Cdecl]<byte*, nint, FliteWave*> _textToWave;
    private readonly delegate* unmanaged[Cdecl]<FliteWave*, void> _deleteWave;
    private readonly Dictionary<string, nint> _voices = new(StringComparer.Ordinal);

    private FliteLibrary(nint library)
    {
        ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "flite_init"))();
        _textToWave = (delegate* unmanaged[Cdecl]<byte*, nint, FliteWave*>)NativeLibrary.GetExport(library, "flite_text_to_wave");
        _deleteWave = (delegate* unmanaged[Cdecl]<FliteWave*, void>)NativeLibrary.GetExport(library, "delete_wave");
    }

    /// <summary>Loads the library.</summary>
    /// <exception cref="SpeechException">It is not installed, or not the right one.</exception>
    public static FliteLibrary Load(string name = Name)
    {
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            throw new SpeechException(SpeechFailure.EngineMissing, $"{name} cannot be loaded (Debian package libflite1)");
        }

        try
        {
            return new FliteLibrary(library);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new SpeechException(SpeechFailure.EngineMissing, $"{name} is not the expected version: {e.Message}", e);
        }
    }

    /// <summary>The samples of a spoken text and their rate.</summary>
    /// <param name="voice">For instance <c>cmu_us_slt</c>.</param>
    /// <param name="utf8Text">The text, ended by a zero byte.</param>
    public (short[] Samples, int SampleRate) Speak(string voice, ReadOnlySpan<byte> utf8Text)
    {
        var handle = Voice(voice);
        FliteWave* wave;
        fixed (byte* text = utf8Text)
        {
            wave = _textToWave(text, handle);
        }

        if (wave is null)
        {
            throw new SpeechException(SpeechFailure.EngineFailed, "flite gave no wave");
        }

        try
        {
            if (wave->SampleCount <= 0 || wave->Samples is null || wave->ChannelCount != 1 || wave->SampleRate is < 4000 or > 192_000)
            {
                throw new SpeechException(SpeechFailure.EngineFailed, $"flite gave {wave->SampleCount} samples at {wave->SampleRate} Hz");
            }

            return (new ReadOnlySpan<short>(wave->Samples, wave->SampleCount).ToArray(), wave->SampleRate);
        }
        finally
        {
            _deleteWave(wave);
        }
    }

    private nint Voice(string voice)
    {
        if (_voices.TryGetValue(voice, out var known))
        {
            return known;
        }

        // The name becomes part of a file name: letters, digits and underscores only.
        if (voice.Length is 0 or > 64 || !voice.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            || !NativeLibrary.TryLoad($"libflite_{voice}.so.1", out var library)
            || !NativeLibrary.TryGetExport(library, "register_" + voice, out var register))
        {
            throw new SpeechException(SpeechFailure.VoiceMissing, $"flite has no voice \"{voice}\"");
        }

        var handle = ((delegate* unmanaged[Cdecl]<byte*, nint>)register)(null);
        if (handle == 0)
        {
            throw new SpeechException(SpeechFailure.VoiceMissing, $"flite could not register the voice \"{voice}\"");
        }

        return _voices[voice] = handle;
    }
}
