namespace Postbell.Smtp;

/// <summary>How much of a message its report of failure carries: RET of RFC 3461 section 4.3.</summary>
public enum DsnReturn
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary>Its headers.</summary>
    Headers,

    /// <summary>All of it.</summary>
    Full,
}
