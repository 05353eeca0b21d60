namespace Postbell.Directory;

/// <summary>Messages of a folder and a class are removed after a time.</summary>
/// <param name="Folder">Name of a folder, with those below it; null for every folder.</param>
/// <param name="Class">Which messages.</param>
/// <param name="Age">Time in that folder; without a folder, time since the message came. Null keeps for ever what the rule fits.</param>
public sealed record PolicyRetentionRule(string? Folder, MessageClass Class, TimeSpan? Age);
