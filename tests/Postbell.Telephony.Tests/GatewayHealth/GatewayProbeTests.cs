using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Telephony.GatewayHealth;
using Postbell.TestKit;

namespace Postbell.Telephony.Tests.GatewayHealth;

/// <summary>Whether gateways answer: asked over real sockets, at times the test chooses.</summary>
public sealed class GatewayProbeTests : IAsyncDisposable, ISipServer, ISipPeerPolicy
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly TimerWheel _wheel;
    private readonly TimerWheel _gatewayWheel = new(TimeProvider.System);
    private readonly List<IAsyncDisposable> _endpoints = [];
    private volatile int _status = 200;
    private int _asked;

    public GatewayProbeTests() => _wheel = new TimerWheel(_time);

    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints)
        {
            await endpoint.DisposeAsync();
        }

        _wheel.Dispose();
        _gatewayWheel.Dispose();
    }

    [Fact]
    public async Task A_gateway_is_up_with_its_first_answer_down_after_two_failures_and_up_again_after_two_answers()
    {
        using var probes = await ProbesAsync(await GatewayAsync());
        await AfterAsync(probes, 1, GatewayState.Up);
        _status = 503;
        await RoundAsync(probes, 2, GatewayState.Up);
        await RoundAsync(probes, 3, GatewayState.Down);
        _status = 404;
        await RoundAsync(probes, 4, GatewayState.Down);
        await RoundAsync(probes, 5, GatewayState.Up);
        var standing = probes.Standings.Single();
        (standing.Gateway, standing.LastStatus, standing.Answered, standing.Unanswered).ShouldBe(("PBX", 404, 3, 2));
        standing.Since.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public async Task A_gateway_that_says_nothing_is_down_and_a_probe_under_way_is_not_doubled()
    {
        using var nobody = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var probes = await ProbesAsync(GatewayAt((IPEndPoint)nobody.Client.LocalEndPoint!));
        for (var second = 0; second < 40; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await AfterAsync(probes, 1, GatewayState.Down);
        probes.Standings.Single().LastStatus.ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_is_asked_who_cannot_be()
    {
        Gateway[] gateways =
        [
            new() { Name = "Range", Address = Address("192.0.2.0/28") },
            new() { Name = "This machine", Address = GatewayAddress.Loopback },
            GatewayAt(new IPEndPoint(IPAddress.Loopback, 5060)) with { Name = "Off", Status = GatewayStatus.Disabled },
        ];
        using var probes = await ProbesAsync(gateways);
        probes.Standings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_interval_of_zero_asks_nobody()
    {
        var gateway = await GatewayAsync();
        using var probes = await ProbesAsync(new GatewayProbeOptions { Interval = TimeSpan.Zero }, gateway);
        _time.Advance(TimeSpan.FromMinutes(5));
        probes.Standings.ShouldBeEmpty();
        _wheel.Pending.ShouldBe(0);
        Volatile.Read(ref _asked).ShouldBe(0);
    }

    bool ISipPeerPolicy.Admits(SipPeer peer) => true;

    void ISipServer.OnInvite(IncomingInvite invite) => invite.Reject(500);

    void ISipServer.OnRequest(IncomingRequest request)
    {
        Interlocked.Increment(ref _asked);
        request.Respond(_status);
    }

    private static GatewayAddress Address(string text) => GatewayAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    private static Gateway GatewayAt(IPEndPoint end) => new() { Name = "PBX", Address = Address(end.Address.ToString()), Port = end.Port };

    private async Task<Gateway> GatewayAsync() => GatewayAt((await ListenAsync(_gatewayWheel)).Bound[0].EndPoint);

    private async Task<SipEndpoint> ListenAsync(TimerWheel wheel)
    {
        var options = new SipEndpointOptions { Listen = [new SipListen(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))] };
        var endpoint = new SipEndpoint(options, this, wheel, NullLoggerFactory.Instance);
        await endpoint.StartAsync(this, CancellationToken.None);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    private Task<GatewayProbes> ProbesAsync(params Gateway[] gateways) => ProbesAsync(new GatewayProbeOptions { Interval = s_interval }, gateways);

    private async Task<GatewayProbes> ProbesAsync(GatewayProbeOptions options, params Gateway[] gateways)
    {
        var directory = new PeopleDirectory(new Organization([], gateways, [], []), []);
        var probe = new OptionsProbe(await ListenAsync(_wheel), static g => g.NotifyEndPoint is { } to ? [new SipDestination(SipTransport.Udp, to)] : [], "vm.example.com");
        var probes = new GatewayProbes(directory, probe, options, _wheel, NullLogger<GatewayProbes>.Instance);
        probes.Start();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        return probes;
    }

    private async Task RoundAsync(GatewayProbes probes, int total, GatewayState state)
    {
        _time.Advance(s_interval);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        await AfterAsync(probes, total, state);
    }

    private static async Task AfterAsync(GatewayProbes probes, int total, GatewayState state)
    {
        for (var i = 0; i < 1_000 && Probes(probes) < total; i++)
        {
            await Task.Delay(10);
        }

        Probes(probes).ShouldBe(total);
        probes.Standings.Single().State.ShouldBe(state);
    }

    private static long Probes(GatewayProbes probes) => probes.Standings.Single() is var standing ? standing.Answered + standing.Unanswered : 0;
}
