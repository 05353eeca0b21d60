namespace Postbell.Directory;

/// <summary>Whether calls of a gateway are taken.</summary>
public enum GatewayStatus
{
    /// <summary>Calls are taken.</summary>
    Enabled,

    /// <summary>No calls; those in progress are dropped.</summary>
    Disabled,

    /// <summary>No new calls; those in progress end by themselves.</summary>
    NoNewCalls,
}
