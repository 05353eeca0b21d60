using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Core.Resolution;
using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Resolution;
using Postbell.Telephony.CallRouting;
using Postbell.TestKit;

namespace Postbell.Telephony.Tests;

/// <summary>Gateways by host name, against a real name server on loopback.</summary>
public sealed class GatewayNamesTests : IAsyncDisposable
{
    private readonly TestNameServer _dns = new();
    private readonly ManualTime _time = new();
    private readonly TimerWheel _wheel;
    private readonly PeopleDirectory _directory;
    private readonly UnreachableDestinations _dead;
    private readonly GatewayNames _names;

    public GatewayNamesTests()
    {
        _wheel = new TimerWheel(_time);
        var load = OrganizationYaml.Load("gateways:\n  - { name: PBX, address: pbx.example.com, transport: Udp }\n  - { name: Fixed, address: 192.0.2.5, port: 5070 }\n", "f");
        _directory = new PeopleDirectory(load.Organization!, []);
        _dead = new UnreachableDestinations(TimeSpan.FromMinutes(2), _time);
        var resolver = new DnsResolver(new DnsOptions { Servers = [_dns.Address], Rounds = 1 }, _time);
        _names = new GatewayNames(_directory, new SipLocator(resolver, [SipTransport.Udp], new Random(1)), _dead, _wheel, NullLogger<GatewayNames>.Instance);
        _dns.NegativeSeconds = 600;
    }

    private Gateway Pbx => _directory.Current.Organization.FindGateway("PBX")!;

    [Fact]
    public async Task The_servers_of_the_name_are_found_let_in_and_sent_to()
    {
        _dns.Service("_sip._udp.pbx.example.com", 1, 0, 5080, "one.example.com").Service("_sip._udp.pbx.example.com", 2, 0, 5081, "two.example.com")
            .Address4("one.example.com", "192.0.2.1").Address4("two.example.com", "192.0.2.2");
        Find("192.0.2.1").ShouldBeNull();
        await StartAsync();

        Find("192.0.2.1").ShouldBe("PBX");
        Find("192.0.2.2").ShouldBe("PBX");
        Find("192.0.2.3").ShouldBeNull();
        _names.DestinationsOf(Pbx).Select(to => to.EndPoint.ToString()).ShouldBe(["192.0.2.1:5080", "192.0.2.2:5081"]);
        _dead.Add(_names.DestinationsOf(Pbx)[0]);
        _names.DestinationsOf(Pbx).Select(to => to.EndPoint.ToString()).ShouldBe(["192.0.2.2:5081"]);
        _names.DestinationsOf(_directory.Current.Organization.FindGateway("Fixed")!).Select(to => to.EndPoint.ToString()).ShouldBe(["192.0.2.5:5070"]);
        var location = _names.Locations.ShouldHaveSingleItem();
        (location.Gateway, location.Problem, location.LookedUpAt).ShouldBe(("PBX", null, _time.GetUtcNow()));
    }

    [Fact]
    public async Task A_new_address_is_taken_when_the_old_answer_runs_out()
    {
        _dns.Address4("pbx.example.com", "192.0.2.1");
        await StartAsync();
        _dns.Remove("pbx.example.com");
        _dns.Address4("pbx.example.com", "192.0.2.2");
        await UntilAsync(() => Find("192.0.2.2") == "PBX");
        Find("192.0.2.1").ShouldBeNull();
    }

    [Fact]
    public async Task The_last_good_answer_stays_while_the_DNS_is_silent_and_the_problem_is_told()
    {
        _dns.Address4("pbx.example.com", "192.0.2.1");
        await StartAsync();
        _dns.IsBlackHole = true;
        await UntilAsync(() => _names.Locations[0].Problem is not null);
        _names.Locations[0].Problem.ShouldBe("no name server answers");
        Find("192.0.2.1").ShouldBe("PBX");
        _names.DestinationsOf(Pbx).Count.ShouldBe(1);
        _dns.IsBlackHole = false;
        await UntilAsync(() => _names.Locations[0].Problem is null);
    }

    [Fact]
    public async Task A_name_that_is_gone_lets_nobody_in()
    {
        _dns.Address4("pbx.example.com", "192.0.2.1");
        await StartAsync();
        _dns.Remove("pbx.example.com");
        await UntilAsync(() => _names.Locations[0].Problem is not null);
        _names.Locations[0].Problem.ShouldBe("the name has no address");
        Find("192.0.2.1").ShouldBeNull();
        _names.DestinationsOf(Pbx).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_silent_DNS_does_not_keep_the_server_from_starting()
    {
        _dns.IsBlackHole = true;
        var start = _names.StartAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        await _dns.AskedAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await start.WaitAsync(TimeSpan.FromSeconds(10));
        _names.Locations[0].Problem.ShouldBe("not looked up yet");
        _dns.IsBlackHole = false;
        _dns.Address4("pbx.example.com", "192.0.2.1");
        await UntilAsync(() => Find("192.0.2.1") == "PBX");
    }

    public async ValueTask DisposeAsync()
    {
        _names.Dispose();
        _wheel.Dispose();
        await _dns.DisposeAsync();
    }

    private Task StartAsync() => _names.StartAsync(TimeSpan.FromSeconds(5), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

    private string? Find(string address) => _directory.Current.Organization.FindGateway(IPAddress.Parse(address))?.Name;

    // The clock goes on until it is so; real sockets answer in between.
    private async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, limit.Token);
        }
    }
}
