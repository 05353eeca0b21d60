namespace Postbell.Delivery;

/// <summary>How the audio of a message is attached.</summary>
public enum AttachmentFormat
{
    /// <summary>MPEG-2.5 layer 3, 16 kbit/s: about 2 kB a second; wideband calls MPEG-2 layer 3 of 32 kbit/s.</summary>
    Mp3,

    /// <summary>WAV with 16-bit linear samples: 16 kB a second, of wideband calls 32.</summary>
    Wav,

    /// <summary>WAV with G.711 mu-law: 8 kB a second.</summary>
    G711,

    /// <summary>Opus in an Ogg file (RFC 7845), 24 kbit/s: about 3 kB a second.</summary>
    Opus,
}
