namespace Postbell.Media;

/// <summary>The two companding laws of ITU-T G.711: 8-bit samples at 8000 Hz.</summary>
public enum G711Law
{
    /// <summary>Mu-law, PCMU, static RTP payload type 0.</summary>
    Mu,

    /// <summary>A-law, PCMA, static RTP payload type 8.</summary>
    A,
}
