namespace Postbell.Media.Recording;

/// <summary>How recorded audio is stored. The numbers stand in the journal.</summary>
public enum RecordedFormat : byte
{
    /// <summary>G.711 mu-law as received: 8000 bytes a second.</summary>
    Mu = 0,

    /// <summary>G.711 A-law as received: 8000 bytes a second.</summary>
    A = 1,

    /// <summary>Decoded wideband audio: linear, 16 bits little endian, 16 kHz; 32000 bytes a second.</summary>
    Wide = 2,
}
