namespace Postbell.Media.Tones;

/// <summary>What a loud block means to who searches for steady tones.</summary>
internal enum SteadyToneStep
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>Sound of another level begins with this block: it may become a tone.</summary>
    Began,

    /// <summary>A block amid the sound was no part of a tone.</summary>
    Odd,

    /// <summary>All since the beginning was a tone.</summary>
    Found,

    /// <summary>The tone lasts.</summary>
    Tone,

    /// <summary>What was taken for the tone lately was something else of the same level.</summary>
    Refuted,
}
