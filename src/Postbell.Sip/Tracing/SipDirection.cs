namespace Postbell.Sip.Tracing;

/// <summary>Which way a message went.</summary>
public enum SipDirection
{
    /// <summary>A peer sent it to us.</summary>
    Received,

    /// <summary>We sent it to a peer.</summary>
    Sent,
}
