using System.Net;
using Postbell.Sip.Resolution;

namespace Postbell.Sip.Tests.Resolution;

/// <summary>RFC 3263 section 4, rule by rule.</summary>
public sealed class SipLocatorTests
{
    [Theory]
    [InlineData("sip:192.0.2.9", "Udp 192.0.2.9:5060")]
    [InlineData("sip:192.0.2.9:5070", "Udp 192.0.2.9:5070")]
    [InlineData("sip:192.0.2.9;transport=tcp", "Tcp 192.0.2.9:5060")]
    [InlineData("sips:192.0.2.9", "Tls 192.0.2.9:5061")]
    [InlineData("sips:192.0.2.9;transport=tcp", "Tls 192.0.2.9:5061")]
    [InlineData("sip:[2001:db8::9]:5070", "Udp [2001:db8::9]:5070")]
    [InlineData("sip:user@name.test;maddr=192.0.2.8", "Udp 192.0.2.8:5060")]
    [InlineData("sips:192.0.2.9;transport=udp", "NoTransport")]
    [InlineData("sip:192.0.2.9;transport=sctp", "NoTransport")]
    [InlineData("tel:+1425", "NoHost")]
    public async Task Addresses_need_no_look_up(string uri, string way)
    {
        await using var bench = new ResolutionBench();
        (await bench.WayAsync(uri)).ShouldBe(way);
        bench.Server.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_with_a_port_is_an_address_and_no_service()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Service("_sip._udp.pbx.test", 1, 1, 5099, "other.test").Address4("pbx.test", "192.0.2.1").Address6("pbx.test", "2001:db8::1");
        (await bench.WayAsync("sip:pbx.test:5070")).ShouldBe("Udp [2001:db8::1]:5070, Udp 192.0.2.1:5070");
        (await bench.WayAsync("sips:pbx.test:5071")).ShouldBe("Tls [2001:db8::1]:5071 pbx.test, Tls 192.0.2.1:5071 pbx.test");
        bench.Server.Questions.Order().ShouldBe(["A pbx.test", "AAAA pbx.test"]);
    }

    [Fact]
    public async Task Pointers_choose_the_transport_then_services_the_hosts()
    {
        await using var bench = new ResolutionBench();
        bench.Server
            .Pointer("example.test", 20, 10, "s", "SIP+D2U", "_sip._udp.example.test")
            .Pointer("example.test", 10, 20, "s", "SIP+D2T", "_sip._tcp.example.test")
            .Pointer("example.test", 10, 10, "S", "SIPS+D2T", "_sips._tcp.example.test")
            .Pointer("example.test", 1, 1, "u", "E2U+sip", "elsewhere.test")
            .Service("_sips._tcp.example.test", 1, 0, 5061, "tls.test").Service("_sip._tcp.example.test", 1, 0, 5062, "tcp.test").Service("_sip._udp.example.test", 1, 0, 5063, "udp.test")
            .Address4("tls.test", "192.0.2.1").Address4("tcp.test", "192.0.2.2").Address4("udp.test", "192.0.2.3");

        // The certificate must name the domain that was asked for.
        (await bench.WayAsync("sip:example.test")).ShouldBe("Tls 192.0.2.1:5061 example.test, Tcp 192.0.2.2:5062, Udp 192.0.2.3:5063");
        (await bench.WayAsync("sips:example.test")).ShouldBe("Tls 192.0.2.1:5061 example.test");
        (await bench.WayAsync("sip:example.test;transport=tcp")).ShouldBe("Tcp 192.0.2.2:5062");
    }

    [Fact]
    public async Task Pointers_to_transports_that_we_do_not_speak_are_passed_over()
    {
        await using var bench = new ResolutionBench(null, SipTransport.Udp);
        bench.Server.Pointer("example.test", 1, 1, "s", "SIPS+D2T", "_sips._tcp.example.test").Pointer("example.test", 2, 1, "s", "SIP+D2U", "_sip._udp.example.test")
            .Service("_sip._udp.example.test", 1, 0, 5063, "udp.test").Address4("udp.test", "192.0.2.3");
        (await bench.WayAsync("sip:example.test")).ShouldBe("Udp 192.0.2.3:5063");
        (await bench.WayAsync("sip:192.0.2.1;transport=tls")).ShouldBe("NoTransport");
    }

    [Fact]
    public async Task Without_pointers_services_are_asked_for_and_without_services_the_name_itself()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Service("_sip._tcp.a.test", 1, 0, 5062, "host.test").Address4("host.test", "192.0.2.2").Address4("b.test", "192.0.2.5");
        (await bench.WayAsync("sip:a.test")).ShouldBe("Tcp 192.0.2.2:5062");
        (await bench.WayAsync("sip:b.test")).ShouldBe("Udp 192.0.2.5:5060");
        (await bench.WayAsync("sips:b.test")).ShouldBe("Tls 192.0.2.5:5061 b.test");
    }

    [Fact]
    public async Task Priorities_come_in_order_and_weights_say_how_often_one_is_first()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Service("_sip._udp.a.test", 20, 0, 5060, "last.test").Service("_sip._udp.a.test", 10, 90, 5060, "often.test")
            .Service("_sip._udp.a.test", 10, 10, 5060, "seldom.test").Service("_sip._udp.a.test", 10, 0, 5060, "hardly.test")
            .Address4("last.test", "192.0.2.1").Address4("often.test", "192.0.2.2").Address4("seldom.test", "192.0.2.3").Address4("hardly.test", "192.0.2.4");
        var first = new Dictionary<string, int>();
        for (var i = 0; i < 1000; i++)
        {
            var ways = (await bench.LocateAsync("sip:a.test;transport=udp")).Destinations;
            ways.Count.ShouldBe(4);
            ways[3].EndPoint.Address.ShouldBe(IPAddress.Parse("192.0.2.1"));
            first[ways[0].EndPoint.Address.ToString()] = first.GetValueOrDefault(ways[0].EndPoint.Address.ToString()) + 1;
        }

        first["192.0.2.2"].ShouldBeInRange(840, 940);
        first["192.0.2.3"].ShouldBeInRange(50, 150);
        first.GetValueOrDefault("192.0.2.4").ShouldBeLessThan(40);
    }

    [Fact]
    public async Task A_domain_may_say_that_it_has_no_such_service()
    {
        await using var bench = new ResolutionBench(null, SipTransport.Udp);
        bench.Server.Service("_sip._udp.a.test", 0, 0, 0, "").Address4("a.test", "192.0.2.1");
        (await bench.WayAsync("sip:a.test")).ShouldBe("NoSuchName");
    }

    [Fact]
    public async Task An_unknown_name_and_a_silent_server_are_told_apart()
    {
        await using var bench = new ResolutionBench(null, SipTransport.Udp);
        (await bench.WayAsync("sip:nobody.test")).ShouldBe("NoSuchName");
        bench.Server.Code = 2;
        (await bench.WayAsync("sip:other.test")).ShouldBe("NoAnswer");
    }

    [Fact]
    public async Task The_location_is_good_as_long_as_its_shortest_record()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Seconds = 300;
        bench.Server.Address4("a.test", "192.0.2.1");
        bench.Server.NegativeSeconds = 100;
        (await bench.LocateAsync("sip:a.test:5060")).ExpiresAt.ShouldBe(bench.Time.GetUtcNow().AddSeconds(100));
        bench.Server.Address6("a.test", "2001:db8::1");
        bench.Time.Advance(TimeSpan.FromSeconds(101));
        (await bench.LocateAsync("sip:a.test:5060")).ExpiresAt.ShouldBe(bench.Time.GetUtcNow().AddSeconds(199));
    }

    [Fact]
    public void Dead_destinations_are_left_out_for_a_while_as_long_as_another_is_there()
    {
        var time = new TestKit.ManualTime();
        var dead = new UnreachableDestinations(TimeSpan.FromMinutes(1), time);
        SipDestination one = new(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 1)), two = new(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 2));
        dead.Add(one);
        dead.LeaveOut([one, two]).ShouldBe([two]);
        dead.Add(two);
        dead.LeaveOut([one, two]).ShouldBe([one, two]);
        dead.Remove(two);
        time.Advance(TimeSpan.FromSeconds(59));
        dead.LeaveOut([one, two]).ShouldBe([two]);
        time.Advance(TimeSpan.FromSeconds(1));
        dead.LeaveOut([one, two]).ShouldBe([one, two]);
        dead.Count.ShouldBe(0);
    }
}
