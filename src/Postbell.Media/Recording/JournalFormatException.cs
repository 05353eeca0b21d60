namespace Postbell.Media.Recording;

/// <summary>The folder holds a segment of a format version that this program does not know (a newer program wrote it). Nothing was changed.</summary>
public sealed class JournalFormatException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalFormatException(string message)
        : base(message)
    {
    }
}
