namespace Postbell.Directory;

/// <summary>Format of the audio attached to voice messages.</summary>
public enum AudioCodec
{
    /// <summary>MPEG layer 3.</summary>
    Mp3,

    /// <summary>WAV with linear PCM.</summary>
    Wav,

    /// <summary>WAV with G.711 mu-law, 8 kHz.</summary>
    G711,

    /// <summary>Opus in an Ogg file.</summary>
    Opus,
}
