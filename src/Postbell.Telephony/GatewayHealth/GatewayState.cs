namespace Postbell.Telephony.GatewayHealth;

/// <summary>Whether a gateway answers.</summary>
public enum GatewayState
{
    /// <summary>Not asked yet.</summary>
    Unknown,

    /// <summary>It answers.</summary>
    Up,

    /// <summary>It does not.</summary>
    Down,
}
