namespace Postbell.Media.Recording;

/// <summary>The journal refuses, or could not keep a promise; <see cref="Reason"/> says why.</summary>
public sealed class JournalRefusedException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalRefusedException(JournalRefusal reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>The named reason.</summary>
    public JournalRefusal Reason { get; }
}
