using Postbell.Core;
using Postbell.Core.Resolution;
using Postbell.Directory;
using Postbell.Server.Configuration;
using Postbell.Sip;
using Postbell.Sip.Resolution;
using Postbell.Telephony.CallRouting;

namespace Postbell.Server.Hosting;

/// <summary>Everything that host names need: the resolver, the search for SIP servers, and the gateways that are known by name.</summary>
internal sealed class NameParts : IDisposable
{
    /// <summary>Longest time that the start waits for the addresses of gateways.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Puts the parts together; nothing is asked yet.</summary>
    public NameParts(ServerConfiguration configuration, DnsResolver resolver, PeopleDirectory directory, TimerWheel wheel, ILoggerFactory log)
    {
        var settings = configuration.Names;
        Resolver = resolver;
        Unreachable = new UnreachableDestinations(settings.UnreachableFor, wheel.Time);
        SipTransport[] transports = [.. configuration.Sip.Count > 0 ? [SipTransport.Udp, SipTransport.Tcp] : Array.Empty<SipTransport>(), .. configuration.SipTls is null ? Array.Empty<SipTransport>() : [SipTransport.Tls]];
        Locator = new SipLocator(Resolver, transports, new Random());
        Gateways = new GatewayNames(directory, Locator, Unreachable, wheel, log.CreateLogger<GatewayNames>());
    }

    /// <summary>Looks names up.</summary>
    public DnsResolver Resolver { get; }

    /// <summary>Addresses that did not answer.</summary>
    public UnreachableDestinations Unreachable { get; }

    /// <summary>Finds the servers of SIP URIs.</summary>
    public SipLocator Locator { get; }

    /// <summary>The gateways that are known by name.</summary>
    public GatewayNames Gateways { get; }

    /// <summary>Looks the gateways up, as long as the start may wait for it.</summary>
    public Task StartAsync(CancellationToken cancellation) => Gateways.StartAsync(s_patience, cancellation);

    /// <inheritdoc />
    public void Dispose() => Gateways.Dispose();
}
