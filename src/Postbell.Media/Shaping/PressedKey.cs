namespace Postbell.Media.Shaping;

/// <summary>A key that interrupted a recording, which went on afterwards: its sound may lie right before that place.</summary>
/// <param name="At">Where the recording went on, from its beginning.</param>
/// <param name="Key">The key.</param>
public readonly record struct PressedKey(TimeSpan At, char Key);
