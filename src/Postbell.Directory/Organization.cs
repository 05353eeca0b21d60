using System.Collections.Frozen;
using System.Net;

namespace Postbell.Directory;

/// <summary>
/// The telephony side of the organization: dial plans, gateways, hunt groups and mailbox policies. Immutable; a change is a new organization.
/// Safe from any thread.
/// </summary>
public sealed class Organization
{
    private readonly FrozenDictionary<string, DialPlan> _dialPlans;
    private readonly FrozenDictionary<string, Gateway> _gateways;
    private readonly FrozenDictionary<string, MailboxPolicy> _policies;
    private readonly FrozenDictionary<IPAddress, Gateway> _gatewaysByHost;
    private readonly FrozenDictionary<string, Gateway> _gatewaysByName;
    private readonly FrozenDictionary<string, Gateway> _gatewaysByUser;
    private readonly Gateway[] _gatewaysByRange;
    private readonly ILookup<string, HuntGroup> _huntGroupsByGateway;

    /// <summary>Puts an organization together. A dial plan without a policy gets its default policy.</summary>
    /// <exception cref="ArgumentException">A name is there twice, or names something that is not there.</exception>
    public Organization(
        IReadOnlyList<DialPlan> dialPlans, IReadOnlyList<Gateway> gateways, IReadOnlyList<HuntGroup> huntGroups, IReadOnlyList<MailboxPolicy> mailboxPolicies)
        : this(dialPlans, gateways, huntGroups, mailboxPolicies, FrozenDictionary<string, IReadOnlyList<IPAddress>>.Empty)
    {
    }

    private Organization(
        IReadOnlyList<DialPlan> dialPlans,
        IReadOnlyList<Gateway> gateways,
        IReadOnlyList<HuntGroup> huntGroups,
        IReadOnlyList<MailboxPolicy> mailboxPolicies,
        IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> addressesByHostName)
    {
        DialPlans = dialPlans;
        Gateways = gateways;
        HuntGroups = huntGroups;
        MailboxPolicies = [.. mailboxPolicies, .. DefaultPolicies(dialPlans, mailboxPolicies)];
        _dialPlans = dialPlans.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        _gateways = gateways.ToFrozenDictionary(g => g.Name, StringComparer.OrdinalIgnoreCase);
        _policies = MailboxPolicies.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        CheckReferences();
        _huntGroupsByGateway = huntGroups.ToLookup(h => h.Gateway, StringComparer.OrdinalIgnoreCase);
        _gatewaysByHost = ByHost(gateways, addressesByHostName);
        _gatewaysByUser = gateways.Where(g => g.Address.IsAny && g.Digest is not null).ToFrozenDictionary(g => g.Digest!.User, StringComparer.Ordinal);
        _gatewaysByName = gateways.Where(g => g.Address.HostName is not null).ToFrozenDictionary(g => g.Address.HostName!, StringComparer.OrdinalIgnoreCase);
        AskedOfStrangers = _gatewaysByUser.Values.Select(g => (GatewayHash?)g.Digest!.Algorithm).Distinct().Aggregate(
            (GatewayHash?)null, static (all, one) => all is null ? one : GatewayHash.Both);
        _gatewaysByRange = [.. gateways.Where(g => g.Address.Networks.Count > 0 && !IsSingleHost(g)).OrderByDescending(g => g.Address.PrefixLength)];
    }

    /// <summary>An organization with nothing in it: it refuses every call.</summary>
    public static Organization Empty { get; } = new([], [], [], []);

    /// <summary>All dial plans, in the order of the configuration.</summary>
    public IReadOnlyList<DialPlan> DialPlans { get; }

    /// <summary>All gateways, in the order of the configuration.</summary>
    public IReadOnlyList<Gateway> Gateways { get; }

    /// <summary>All hunt groups, in the order of the configuration.</summary>
    public IReadOnlyList<HuntGroup> HuntGroups { get; }

    /// <summary>All mailbox policies, in the order of the configuration, then the default ones.</summary>
    public IReadOnlyList<MailboxPolicy> MailboxPolicies { get; }

    /// <summary>Mailboxes that teams share, in the order of the configuration.</summary>
    public IReadOnlyList<TeamMailbox> TeamMailboxes { get; init; } = [];

    /// <summary>All distribution groups, in the order of the configuration.</summary>
    public IReadOnlyList<DistributionGroup> DistributionGroups { get; init; } = [];

    /// <summary>The dial plan of that name (letter case does not matter), or null.</summary>
    public DialPlan? FindDialPlan(string name) => _dialPlans.GetValueOrDefault(name);

    /// <summary>The gateway of that name (letter case does not matter), or null.</summary>
    public Gateway? FindGateway(string name) => _gateways.GetValueOrDefault(name);

    /// <summary>The policy of that name (letter case does not matter), or null.</summary>
    public MailboxPolicy? FindPolicy(string name) => _policies.GetValueOrDefault(name);

    /// <summary>The first policy of a dial plan, or null when there is no such dial plan.</summary>
    public MailboxPolicy? DefaultPolicyOf(string dialPlan) =>
        MailboxPolicies.FirstOrDefault(p => p.DialPlan.Equals(dialPlan, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The gateway that a request from <paramref name="source"/> comes from, whatever its status; null for a stranger. One address wins over a
    /// range, a smaller range over a larger one.
    /// </summary>
    public Gateway? FindGateway(IPAddress source)
    {
        source = GatewayAddress.Unmap(source);
        if (_gatewaysByHost.TryGetValue(source, out var exact))
        {
            return exact;
        }

        foreach (var gateway in _gatewaysByRange)
        {
            if (gateway.Address.Contains(source))
            {
                return gateway;
            }
        }

        return null;
    }

    /// <summary>The gateway that comes from anywhere with this user's credentials, whatever its status; null when there is none.</summary>
    public Gateway? FindGatewayByUser(string user) => _gatewaysByUser.GetValueOrDefault(user);

    /// <summary>What a stranger is asked for, who may be a gateway that comes from anywhere; null when there is no such gateway.</summary>
    public GatewayHash? AskedOfStrangers { get; }

    /// <summary>
    /// The same organization, with the addresses that host names stand for now: gateways that are known by a name (and not by its certificate) are found
    /// by them. What was configured as an address goes before.
    /// </summary>
    public Organization WithAddresses(IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> addressesByHostName) =>
        new(DialPlans, Gateways, HuntGroups, MailboxPolicies, addressesByHostName) { TeamMailboxes = TeamMailboxes, DistributionGroups = DistributionGroups };

    /// <summary>
    /// The gateway that a certificate proves, whatever its status; null when none. A gateway that the certificate names literally goes before one that
    /// only a wildcard covers.
    /// </summary>
    /// <param name="names">The names in the certificate.</param>
    /// <param name="covers">Whether the certificate is good for a host name.</param>
    public Gateway? FindGateway(IReadOnlyList<string> names, Func<string, bool> covers)
    {
        foreach (var name in names)
        {
            if (_gatewaysByName.TryGetValue(name, out var named))
            {
                return named;
            }
        }

        return Gateways.FirstOrDefault(g => g.Address.HostName is { } host && covers(host));
    }

    /// <summary>
    /// The hunt group that takes a call to <paramref name="pilot"/> (user part or whole URI): the one that names it, else the gateway's default
    /// one, else null and the call is refused. Says nothing about the gateway's status.
    /// </summary>
    public HuntGroup? MatchPilot(Gateway gateway, string pilot)
    {
        var dialed = DialedAddress.Parse(pilot);
        HuntGroup? fallback = null;
        foreach (var group in _huntGroupsByGateway[gateway.Name])
        {
            if (group.IsDefault)
            {
                fallback ??= group;
            }
            else if (group.PilotIdentifiers.Any(p => DialedAddress.Parse(p).Names(dialed)))
            {
                return group;
            }
        }

        return fallback;
    }

    /// <summary>The gateways through which the telephones of a dial plan are reached, in the order of the configuration.</summary>
    public IReadOnlyList<Gateway> GatewaysOf(string dialPlan) =>
        [.. Gateways.Where(g => _huntGroupsByGateway[g.Name].Any(h => h.DialPlan.Equals(dialPlan, StringComparison.OrdinalIgnoreCase)))];

    private static bool IsSingleHost(Gateway gateway) => gateway.Address.Host is not null && !gateway.Address.Equals(GatewayAddress.Loopback);

    private static FrozenDictionary<IPAddress, Gateway> ByHost(
        IReadOnlyList<Gateway> gateways, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> addressesByHostName)
    {
        var known = gateways.Where(IsSingleHost).ToDictionary(g => g.Address.Host!);
        foreach (var gateway in gateways.Where(g => g.Address.HostName is not null && !g.IsKnownByCertificate))
        {
            foreach (var address in addressesByHostName.GetValueOrDefault(gateway.Address.HostName!, []))
            {
                known.TryAdd(GatewayAddress.Unmap(address), gateway);
            }
        }

        return known.ToFrozenDictionary();
    }

    private static IEnumerable<MailboxPolicy> DefaultPolicies(IReadOnlyList<DialPlan> dialPlans, IReadOnlyList<MailboxPolicy> policies) =>
        from plan in dialPlans
        where !policies.Any(p => p.DialPlan.Equals(plan.Name, StringComparison.OrdinalIgnoreCase))
        select new MailboxPolicy { Name = MailboxPolicy.DefaultName(plan.Name), DialPlan = plan.Name };

    private void CheckReferences()
    {
        var missing = HuntGroups.Select(h => h.DialPlan).Concat(MailboxPolicies.Select(p => p.DialPlan)).FirstOrDefault(n => !_dialPlans.ContainsKey(n))
            ?? HuntGroups.Select(h => h.Gateway).FirstOrDefault(n => !_gateways.ContainsKey(n));
        if (missing is not null)
        {
            throw new ArgumentException($"\"{missing}\" is named, but not there.");
        }
    }
}
