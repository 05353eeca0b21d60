using Postbell.Directory;

namespace Postbell.Telephony.CallRouting;

/// <summary>What an INVITE was found to mean: for whom, from whom, and under which rules. A call keeps its route through a configuration change.</summary>
public sealed record CallRoute
{
    /// <summary>The peer that sent the call.</summary>
    public required Gateway Gateway { get; init; }

    /// <summary>The hunt group that took it.</summary>
    public required HuntGroup HuntGroup { get; init; }

    /// <summary>The dial plan of the hunt group.</summary>
    public required DialPlan DialPlan { get; init; }

    /// <summary>Every pilot by which the gateway reaches us: who is sent there comes back.</summary>
    public IReadOnlyList<string> GatewayPilots { get; init; } = [];

    /// <summary>The called person's policy.</summary>
    public required MailboxPolicy Policy { get; init; }

    /// <summary>The called person.</summary>
    public required Person Person { get; init; }

    /// <summary>How the INVITE named the called person.</summary>
    public required CalledParty CalledParty { get; init; }

    /// <summary>Who calls, as the network says.</summary>
    public required CallingParty CallingParty { get; init; }

    /// <summary>The person who has the caller's number, or null. A claim of the network, not a proof.</summary>
    public required Person? Caller { get; init; }
}
