using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>The way mail takes to some domains: by one server that takes it all (smart host), or to the mail servers of each domain.</summary>
public sealed record OutboundRoute
{
    /// <summary>Domains it is for, a leading dot for all below; empty for every domain that no other route names.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>How servers are spoken to. The host is the smart host; it is not used when <see cref="IsDirect"/>.</summary>
    public required SmtpRoute Server { get; init; }

    /// <summary>True where the servers are those the domain names (MX, RFC 5321 section 5.1).</summary>
    public bool IsDirect { get; init; }

    /// <summary>How exactly the route names a domain: the longer the better, 0 for a route of all, -1 for not at all.</summary>
    internal int Fits(string domain) => Domains.Count == 0 ? 0 : Domains.Select(d => Fits(d, domain)).DefaultIfEmpty(-1).Max();

    private static int Fits(string named, string domain) =>
        domain.Equals(named, StringComparison.OrdinalIgnoreCase) || (named.StartsWith('.') && domain.EndsWith(named, StringComparison.OrdinalIgnoreCase)) ? named.Length : -1;
}
