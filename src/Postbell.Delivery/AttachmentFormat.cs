namespace Postbell.Delivery;

/// <summary>How the audio of a message is attached.</summary>
public enum AttachmentFormat
{
    /// <summary>MPEG-2.5 layer 3, 16 kbit/s: about 2 kB a second.</summary>
    Mp3,

    /// <summary>WAV with 16-bit linear samples: 16 kB a second.</summary>
    Wav,

    /// <summary>WAV with G.711 mu-law: 8 kB a second.</summary>
    G711,
}
