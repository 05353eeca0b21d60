namespace Postbell.Sip.Authentication;

/// <summary>Why a challenge was not answered.</summary>
public enum DigestRefusal
{
    /// <summary>It was answered.</summary>
    None,

    /// <summary>It cannot be read.</summary>
    Malformed,

    /// <summary>There are no credentials for its realm. They are never shown to another.</summary>
    OtherRealm,

    /// <summary>No algorithm that is configured as good enough.</summary>
    OtherAlgorithm,

    /// <summary>Another protection than <c>auth</c> alone.</summary>
    OtherProtection,

    /// <summary>The credentials were shown, and refused.</summary>
    Refused,
}
