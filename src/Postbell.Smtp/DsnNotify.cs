namespace Postbell.Smtp;

/// <summary>When a sender wants a report about a recipient: NOTIFY of RFC 3461 section 4.1.</summary>
[Flags]
public enum DsnNotify
{
    /// <summary>Not said: failure, and delay where the server reports it.</summary>
    Unspecified = 0,

    /// <summary>Never; stands alone.</summary>
    Never = 1,

    /// <summary>When it was delivered.</summary>
    Success = 2,

    /// <summary>When it cannot be delivered.</summary>
    Failure = 4,

    /// <summary>When it is late.</summary>
    Delay = 8,
}
