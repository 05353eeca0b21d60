using System.Globalization;
using System.Net;
using Postbell.Core.Resolution;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>Finds the mail servers of a domain (RFC 5321 section 5.1, RFC 7505), in the order to try them.</summary>
/// <param name="resolver">Looks names up.</param>
/// <param name="ownName">Our host name: a server of that name would be ourselves.</param>
/// <param name="random">Chooses among servers that are equally good.</param>
internal sealed class MailHosts(DnsResolver resolver, string ownName, Random random)
{
    // A domain could name so many that one message is tried for days.
    private const int MostHosts = 8;
    private const int MostAddresses = 16;

    private static readonly IdnMapping s_idn = new();

    /// <summary>The servers with their addresses; none when <paramref name="domain"/> takes no mail, and the reply says why.</summary>
    /// <exception cref="SmtpSessionException">It could not be found out now.</exception>
    /// <param name="domain">The domain.</param>
    /// <param name="isTrusted">True when the administrator named the domain: then its servers may be on this machine. Strangers could reach what listens here for nobody else.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(IReadOnlyList<(string Host, IPAddress Address)> Servers, SmtpReply? Refusal)> FindAsync(string domain, bool isTrusted, CancellationToken cancellation)
    {
        if (ToAscii(domain) is not { } name)
        {
            return ([], SmtpReply.Own(550, $"5.1.2 {domain} is no domain"));
        }

        var answer = await resolver.QueryAsync(name, DnsRecordType.Mx, cancellation).ConfigureAwait(false);
        if (answer.Outcome == DnsOutcome.Failed)
        {
            throw Unknown(domain);
        }

        var records = answer.Records.OfType<DnsMailRecord>().ToArray();
        if (records is [{ Host: "" }])
        {
            return ([], SmtpReply.Own(556, $"5.1.10 {domain} takes no mail"));
        }

        // Without a record the domain itself is its server.
        var hosts = records.Length == 0 ? [name] : Order(records);
        return hosts.Count == 0
            ? ([], Circle(domain))
            : await AddressesAsync(domain, hosts, isTrusted, cancellation).ConfigureAwait(false);
    }

    private List<string> Order(DnsMailRecord[] records)
    {
        // Those that are worse than ourselves would send it back (RFC 5321 section 5.1).
        var own = records.Where(r => r.Host.Equals(ownName, StringComparison.OrdinalIgnoreCase)).Select(static r => (int)r.Preference).DefaultIfEmpty(int.MaxValue).Min();
        return [.. records.Where(r => r.Preference < own && r.Host.Length > 0).OrderBy(static r => r.Preference).ThenBy(_ => random.Next()).Select(static r => r.Host).Distinct().Take(MostHosts)];
    }

    private async Task<(IReadOnlyList<(string Host, IPAddress Address)> Servers, SmtpReply? Refusal)> AddressesAsync(string domain, IReadOnlyList<string> hosts, bool isTrusted, CancellationToken cancellation)
    {
        var found = new List<(string, IPAddress)>();
        var isUnsure = false;
        foreach (var host in hosts)
        {
            foreach (var type in new[] { DnsRecordType.Aaaa, DnsRecordType.A })
            {
                var answer = await resolver.QueryAsync(host, type, cancellation).ConfigureAwait(false);
                isUnsure |= answer.Outcome == DnsOutcome.Failed;
                found.AddRange(answer.Records.OfType<DnsAddressRecord>().Select(r => (host, r.Address)));
            }
        }

        var usable = found.Where(f => isTrusted || !IsHere(f.Item2)).Take(MostAddresses).ToArray();
        return usable.Length > 0 ? (usable, null)
            : isUnsure ? throw Unknown(domain)
            : found.Count > 0 ? ([], Circle(domain))
            : ([], SmtpReply.Own(550, $"5.1.2 There is no mail server for {domain}"));
    }

    private static bool IsHere(IPAddress address) => IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv4MappedToIPv6;

    private static SmtpReply Circle(string domain) => SmtpReply.Own(554, $"5.4.6 Mail for {domain} would come back to this server");

    private static SmtpSessionException Unknown(string domain) => new(SmtpSessionFailure.NameUnknown, $"the mail servers of {domain} could not be looked up");

    private static string? ToAscii(string domain)
    {
        try
        {
            return s_idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
