using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Sip.Resolution;

namespace Postbell.Telephony.CallRouting;

/// <summary>
/// Keeps the addresses of gateways that are configured by host name: looks them up at the start, again when the answer runs out, and puts them into the
/// directory, so that calls are told by address without waiting for any look-up. While the DNS is silent the last good answer stays. Safe from any thread.
/// </summary>
public sealed class GatewayNames : IDisposable
{
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Latest = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);

    private readonly PeopleDirectory _directory;
    private readonly SipLocator _locator;
    private readonly UnreachableDestinations _unreachable;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, GatewayLocation> _locations = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _publishing = new();

    /// <summary>Nothing is looked up before <see cref="StartAsync"/>.</summary>
    public GatewayNames(PeopleDirectory directory, SipLocator locator, UnreachableDestinations unreachable, TimerWheel wheel, ILogger<GatewayNames> log)
    {
        _directory = directory;
        _locator = locator;
        _unreachable = unreachable;
        _wheel = wheel;
        _log = log;
    }

    /// <summary>Where the gateways with host names are, in the order of the configuration.</summary>
    public IReadOnlyList<GatewayLocation> Locations => [.. _directory.Current.Organization.Gateways.Where(g => g.IsLookedUp).Select(LocationOf)];

    /// <summary>Looks all names up once, for no longer than <paramref name="patience"/>; what is not answered by then goes on by itself.</summary>
    public async Task StartAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var first = _directory.Current.Organization.Gateways.Where(g => g.IsLookedUp).Select(FollowAsync).ToArray();
        try
        {
            await Task.WhenAll(first).WaitAsync(patience, _wheel.Time, cancellation);
        }
        catch (TimeoutException)
        {
            // The DNS must not keep the server from its calls.
        }
    }

    /// <summary>Where requests to a gateway go, in the order to try them, without those that did not answer lately; empty when nothing is known.</summary>
    public IReadOnlyList<SipDestination> DestinationsOf(Gateway gateway)
    {
        if (gateway.NotifyEndPoint is { } fixedAddress)
        {
            return [new SipDestination(TransportOf(gateway), fixedAddress, gateway.IsKnownByCertificate ? gateway.Address.HostName : null)];
        }

        return gateway.IsLookedUp ? _unreachable.LeaveOut(LocationOf(gateway).Destinations) : [];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private GatewayLocation LocationOf(Gateway gateway) =>
        _locations.GetValueOrDefault(gateway.Name) ?? new GatewayLocation(gateway.Name, gateway.Address.HostName!, [], "not looked up yet", null);

    /// <summary>Ends after the first look-up; those that follow go on.</summary>
    private async Task FollowAsync(Gateway gateway)
    {
        var stop = _stop.Token;
        var next = await LookUpAsync(gateway, stop);
        _ = RepeatAsync(gateway, next, stop);
    }

    private async Task RepeatAsync(Gateway gateway, TimeSpan next, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await _wheel.DelayAsync(next, stop);
                next = await LookUpAsync(gateway, stop);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The server stops.
        }
    }

    /// <summary>One look-up; the result is how long it is good.</summary>
    private async Task<TimeSpan> LookUpAsync(Gateway gateway, CancellationToken stop)
    {
        var before = LocationOf(gateway);
        var found = await _locator.LocateAsync(UriOf(gateway), stop);
        var now = _wheel.Time.GetUtcNow();
        var after = found.Failure switch
        {
            SipLocationFailure.None => before with { Destinations = found.Destinations, Problem = null, LookedUpAt = now },
            SipLocationFailure.NoAnswer => before with { Problem = "no name server answers", LookedUpAt = now },
            SipLocationFailure.NoTransport => before with { Destinations = [], Problem = "its transport is not among ours", LookedUpAt = now },
            _ => before with { Destinations = [], Problem = "the name has no address", LookedUpAt = now },
        };
        _locations[gateway.Name] = after;
        Report(before, after);
        if (!AddressesOf(before).SequenceEqual(AddressesOf(after)))
        {
            Publish();
        }

        var left = found.ExpiresAt - now;
        return found.Failure != SipLocationFailure.None ? AfterFailure : left < Soonest ? Soonest : left > Latest ? Latest : left;
    }

    private void Publish()
    {
        // One at a time, each with what is known by then: the last one to come has everything.
        lock (_publishing)
        {
            var addresses = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.OrdinalIgnoreCase);
            foreach (var location in _locations.Values)
            {
                addresses[location.HostName] = [.. AddressesOf(location), .. addresses.GetValueOrDefault(location.HostName, [])];
            }

            _directory.Change(organization => organization.WithAddresses(addresses));
        }
    }

    private void Report(GatewayLocation before, GatewayLocation after)
    {
        if (after.Problem is { } problem && problem != before.Problem)
        {
            Log.GatewayNotFound(_log, after.Gateway, after.HostName, problem, after.Destinations.Count);
        }
        else if (after.Problem is null && !AddressesOf(before).SequenceEqual(AddressesOf(after)))
        {
            Log.GatewayFound(_log, after.Gateway, after.HostName, string.Join(", ", after.Destinations.Select(to => to.EndPoint)));
        }
    }

    // In one order: weights shuffle the answer, and that is no news.
    private static IEnumerable<IPAddress> AddressesOf(GatewayLocation location) =>
        location.Destinations.Select(to => to.EndPoint.Address).Distinct().OrderBy(address => address.ToString(), StringComparer.Ordinal);

    private static SipUri UriOf(Gateway gateway) => SipUri.Create(
        null, gateway.Address.HostName!, gateway.HasUsualPort ? null : gateway.Port,
        SipParameters.Empty.With("transport", gateway.Transport.ToString().ToLowerInvariant()));

    private static SipTransport TransportOf(Gateway gateway) => gateway.Transport switch
    {
        GatewayTransport.Tls => SipTransport.Tls,
        GatewayTransport.Tcp => SipTransport.Tcp,
        _ => SipTransport.Udp,
    };
}
