namespace Postbell.Directory;

/// <summary>Format of the audio attached to voice messages.</summary>
public enum AudioCodec
{
    /// <summary>MPEG layer 3.</summary>
    Mp3,

    /// <summary>WAV with linear PCM.</summary>
    Wav,
}
