namespace Postbell.Mailbox;

/// <summary>A note about a mailbox (RFC 5464).</summary>
/// <param name="Name">Its name in small letters: <c>/shared/...</c> for everybody who may read the folder, <c>/private/...</c> for one person.</param>
/// <param name="Value">Its bytes; null removes it.</param>
public sealed record MetadataEntry(string Name, byte[]? Value)
{
    /// <summary>What stands before notes of one person.</summary>
    public const string Private = "/private/";

    /// <summary>What stands before notes for everybody.</summary>
    public const string Shared = "/shared/";

    /// <summary>Most bytes of a note.</summary>
    public const int LargestValue = 64 * 1024;

    /// <summary>Most notes of one folder that one person, or everybody together, has.</summary>
    public const int MostEntries = 100;

    private const int LongestName = 250;

    /// <summary>True for a note for everybody.</summary>
    public bool IsShared => Name.StartsWith(Shared, StringComparison.Ordinal);

    /// <summary>True for what can be the name of a note: levels of visible ASCII below <c>/private</c> or <c>/shared</c>, without wildcards.</summary>
    public static bool IsName(string name) =>
        name.Length <= LongestName && (name.StartsWith(Private, StringComparison.Ordinal) || name.StartsWith(Shared, StringComparison.Ordinal))
        && name[^1] != '/' && !name.Contains("//", StringComparison.Ordinal)
        && name.All(static c => c is > ' ' and < '\x7f' and not ('*' or '%') && !char.IsAsciiLetterUpper(c));
}
