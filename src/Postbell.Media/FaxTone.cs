namespace Postbell.Media;

/// <summary>A tone by which fax machines and modems announce themselves.</summary>
public enum FaxTone
{
    /// <summary>CNG: who calls is a fax machine (ITU-T T.30: 1100 Hz for half a second, every three seconds).</summary>
    Calling,

    /// <summary>CED or ANS: who answered is a fax machine or modem (ITU-T V.25 and V.8: 2100 Hz for 2.6 s and longer, with or without turns of phase).</summary>
    Answering,
}
