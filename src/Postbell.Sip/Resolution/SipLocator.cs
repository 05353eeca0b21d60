using System.Net;
using Postbell.Core.Resolution;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Resolution;

/// <summary>
/// Finds the servers of a URI (RFC 3263 section 4): which transport, which hosts in which order, which addresses, IPv6 before IPv4. Safe from any thread.
/// Nothing on the receive path may wait for it.
/// </summary>
public sealed class SipLocator
{
    private const int MostServices = 16;
    private const int MostDestinations = 32;

    private readonly DnsResolver _resolver;
    private readonly IReadOnlyList<SipTransport> _transports;
    private readonly Random _random;

    /// <summary>Asks nothing yet.</summary>
    /// <param name="resolver">Who looks names up.</param>
    /// <param name="transports">What we speak; where the other side leaves it open, the first one that it offers is taken.</param>
    /// <param name="random">Chooses among servers of the same priority.</param>
    public SipLocator(DnsResolver resolver, IReadOnlyList<SipTransport> transports, Random random)
    {
        _resolver = resolver;
        _transports = transports;
        _random = random;
    }

    /// <summary>The servers of a URI, in the order to try them.</summary>
    /// <param name="uri">A sip or sips URI.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<SipLocation> LocateAsync(SipUri uri, CancellationToken cancellation)
    {
        var host = uri.Parameters["maddr"] ?? uri.Host;
        if (!uri.IsSip || host.Length == 0)
        {
            return None(SipLocationFailure.NoHost);
        }

        if (!TryTransport(uri, out var asked))
        {
            return None(SipLocationFailure.NoTransport);
        }

        var usual = asked ?? (uri.Scheme == "sips" ? SipTransport.Tls : SipTransport.Udp);
        if (AddressOf(host) is { } address)
        {
            return _transports.Contains(usual)
                ? new SipLocation([new SipDestination(usual, new IPEndPoint(address, uri.Port ?? SipTransports.DefaultPort(usual)))], SipLocationFailure.None, DateTimeOffset.MaxValue)
                : None(SipLocationFailure.NoTransport);
        }

        var search = new Search(this, host, cancellation);
        if (uri.Port is { } port)
        {
            // A port says that services are not to be looked for (section 4.2).
            return await search.FinishAsync([new Server(usual, host, port)]);
        }

        var servers = await search.FindServicesAsync(asked, uri.Scheme == "sips");
        return await search.FinishAsync(servers.Count > 0 || search.IsRefused ? servers : [new Server(usual, host, SipTransports.DefaultPort(usual))]);
    }

    private static SipLocation None(SipLocationFailure failure) => new([], failure, DateTimeOffset.MaxValue);

    private static IPAddress? AddressOf(string host) =>
        (char.IsAsciiDigit(host[0]) || host.Contains(':', StringComparison.Ordinal)) && IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;

    // The transport parameter; null without one. False for one that is not ours, or that sips forbids.
    private bool TryTransport(SipUri uri, out SipTransport? transport)
    {
        var secure = uri.Scheme == "sips";
        transport = uri.Parameters["transport"]?.ToUpperInvariant() switch
        {
            "UDP" when !secure => SipTransport.Udp,
            "TCP" => secure ? SipTransport.Tls : SipTransport.Tcp,
            "TLS" => SipTransport.Tls,
            _ => null,
        };
        return transport is { } asked ? _transports.Contains(asked) : !uri.Parameters.Contains("transport");
    }

    private sealed record Server(SipTransport Transport, string Host, int Port);

    /// <summary>One look for the servers of one host.</summary>
    private sealed class Search(SipLocator locator, string host, CancellationToken cancellation)
    {
        private DateTimeOffset _expires = DateTimeOffset.MaxValue;
        private bool _unanswered;

        /// <summary>The domain says that it has no such service.</summary>
        public bool IsRefused { get; private set; }

        public async Task<IReadOnlyList<Server>> FindServicesAsync(SipTransport? asked, bool secure)
        {
            var transports = asked is { } one ? [one] : locator._transports.Where(transport => !secure || transport == SipTransport.Tls).ToArray();
            if (asked is null && await FindPointersAsync(transports) is { Count: > 0 } pointers)
            {
                var found = new List<Server>();
                foreach (var (transport, name) in pointers)
                {
                    found.AddRange(await FindServersAsync(transport, name));
                }

                return found;
            }

            foreach (var transport in transports)
            {
                if (await FindServersAsync(transport, ServiceName(transport)) is { Count: > 0 } servers)
                {
                    return servers;
                }
            }

            return [];
        }

        public async Task<SipLocation> FinishAsync(IReadOnlyList<Server> servers)
        {
            var destinations = new List<SipDestination>();
            foreach (var server in servers)
            {
                foreach (var address in await FindAddressesAsync(server.Host))
                {
                    // The certificate must carry the name that was asked for, not the one that DNS put in its place (RFC 5922 section 7.2).
                    var name = server.Transport == SipTransport.Tls ? host : null;
                    var destination = new SipDestination(server.Transport, new IPEndPoint(address, server.Port), name);
                    if (destinations.Count < MostDestinations && !destinations.Contains(destination))
                    {
                        destinations.Add(destination);
                    }
                }
            }

            return destinations.Count > 0
                ? new SipLocation(destinations, SipLocationFailure.None, _expires)
                : new SipLocation([], _unanswered ? SipLocationFailure.NoAnswer : SipLocationFailure.NoSuchName, _expires);
        }

        private async Task<List<(SipTransport Transport, string Name)>> FindPointersAsync(SipTransport[] transports)
        {
            var pointers = new List<(SipTransport, string)>();
            foreach (var record in (await AskAsync(host, DnsRecordType.Naptr)).OfType<DnsPointerRecord>()
                .OrderBy(record => record.Order).ThenBy(record => record.Preference).Take(MostServices))
            {
                if (record.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) && record.Replacement.Length > 0
                    && TransportOf(record.Services) is { } transport && transports.Contains(transport))
                {
                    pointers.Add((transport, record.Replacement));
                }
            }

            return pointers;
        }

        private async Task<IReadOnlyList<Server>> FindServersAsync(SipTransport transport, string name)
        {
            var records = (await AskAsync(name, DnsRecordType.Srv)).OfType<DnsServiceRecord>().ToArray();
            if (records is [{ Target.Length: 0 }])
            {
                IsRefused = true;
                return [];
            }

            lock (locator._random)
            {
                return [.. ServiceOrder.Of(records.Take(MostServices), locator._random).Where(record => record.Target.Length > 0)
                    .Select(record => new Server(transport, record.Target, record.Port))];
            }
        }

        private async Task<IEnumerable<IPAddress>> FindAddressesAsync(string name)
        {
            var six = AskAsync(name, DnsRecordType.Aaaa);
            var four = AskAsync(name, DnsRecordType.A);
            return [.. Addresses(await six), .. Addresses(await four)];
        }

        private async Task<IReadOnlyList<DnsRecord>> AskAsync(string name, DnsRecordType type)
        {
            var answer = await locator._resolver.QueryAsync(name, type, cancellation);
            _unanswered |= answer.Outcome == DnsOutcome.Failed;
            _expires = answer.ExpiresAt < _expires ? answer.ExpiresAt : _expires;
            return answer.Records;
        }

        private string ServiceName(SipTransport transport) => transport switch
        {
            SipTransport.Tls => $"_sips._tcp.{host}",
            SipTransport.Tcp => $"_sip._tcp.{host}",
            _ => $"_sip._udp.{host}",
        };

        private static IEnumerable<IPAddress> Addresses(IEnumerable<DnsRecord> records) => records.OfType<DnsAddressRecord>().Select(record => record.Address);

        private static SipTransport? TransportOf(string services) => services.ToUpperInvariant() switch
        {
            "SIP+D2U" => SipTransport.Udp,
            "SIP+D2T" => SipTransport.Tcp,
            "SIPS+D2T" => SipTransport.Tls,
            _ => null,
        };
    }
}
