using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;

namespace Postbell.Telephony.GatewayHealth;

/// <summary>
/// Asks every gateway that can be asked, again and again, whether it is there. What comes of it is told (metrics, status, log) and decides about no call: a
/// gateway that does not answer may still call.
/// </summary>
/// <remarks>
/// Invariants: at most one probe of a gateway is under way; the probes of a round are spread over the interval, so that many gateways are no burst; nothing
/// waits for a probe.
/// </remarks>
public sealed class GatewayProbes : IDisposable
{
    private readonly PeopleDirectory _directory;
    private readonly OptionsProbe _probe;
    private readonly GatewayProbeOptions _options;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, GatewayStanding> _standings = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.OrdinalIgnoreCase);
    private volatile bool _stopped;

    /// <summary>Nobody is asked before <see cref="Start"/>.</summary>
    public GatewayProbes(PeopleDirectory directory, OptionsProbe probe, GatewayProbeOptions options, TimerWheel wheel, ILogger<GatewayProbes> log)
    {
        _directory = directory;
        _probe = probe;
        _options = options;
        _wheel = wheel;
        _log = log;
    }

    /// <summary>The gateways that are asked, in the order of the configuration.</summary>
    public IReadOnlyList<GatewayStanding> Standings => [.. Asked().Select(gateway => StandingOf(gateway.Name))];

    /// <summary>Asks from now on; nothing where the interval is zero.</summary>
    public void Start()
    {
        if (_options.Interval > TimeSpan.Zero)
        {
            Round();
        }
    }

    /// <summary>Asks nobody any more.</summary>
    public void Dispose() => _stopped = true;

    // The configuration is looked at anew each time: it may have been replaced.
    private Gateway[] Asked() =>
        _options.Interval == TimeSpan.Zero ? [] : [.. _directory.Current.Organization.Gateways.Where(gateway => gateway.Status != GatewayStatus.Disabled && _probe.CanAsk(gateway))];

    private GatewayStanding StandingOf(string gateway) =>
        _standings.GetValueOrDefault(gateway) ?? new GatewayStanding(gateway, GatewayState.Unknown, null, null, TimeSpan.Zero, 0, 0);

    private void Round()
    {
        if (_stopped)
        {
            return;
        }

        var gateways = Asked();
        for (var i = 0; i < gateways.Length; i++)
        {
            var gateway = gateways[i];
            _wheel.Schedule(_options.Interval * i / gateways.Length, _ => _ = AskAsync(gateway));
        }

        _wheel.Schedule(_options.Interval, static probes => ((GatewayProbes)probes!).Round(), this);
    }

    private async Task AskAsync(Gateway gateway)
    {
        if (_stopped || !_underWay.TryAdd(gateway.Name, true))
        {
            return;
        }

        try
        {
            var begun = _wheel.Time.GetTimestamp();
            var status = await _probe.AskAsync(gateway);
            var before = StandingOf(gateway.Name);
            var after = before.After(status, _wheel.Time.GetElapsedTime(begun), _wheel.Time.GetUtcNow(), _options);
            _standings[gateway.Name] = after;
            Report(before, after);
        }
        finally
        {
            _underWay.TryRemove(gateway.Name, out _);
        }
    }

    private void Report(GatewayStanding before, GatewayStanding after)
    {
        if (after.State == before.State || _stopped)
        {
            return;
        }

        if (after.State == GatewayState.Down)
        {
            ProbeLog.Down(_log, after.Gateway, after.LastStatus is { } status ? $"it answers {status}" : "no answer");
        }
        else
        {
            ProbeLog.Up(_log, after.Gateway, (long)after.RoundTrip.TotalMilliseconds);
        }
    }
}
