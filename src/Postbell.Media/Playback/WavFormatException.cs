namespace Postbell.Media.Playback;

/// <summary>A WAV file cannot be used; the message says why in words for the person who uploaded it.</summary>
public sealed class WavFormatException : FormatException
{
    /// <summary>Says what is wrong with the file.</summary>
    public WavFormatException(string message)
        : base(message)
    {
    }
}
