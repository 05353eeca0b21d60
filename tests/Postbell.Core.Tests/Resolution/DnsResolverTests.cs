using System.Net;
using Postbell.Core.Resolution;

namespace Postbell.Core.Tests.Resolution;

/// <summary>The resolver against a real name server on loopback.</summary>
public sealed class DnsResolverTests
{
    [Fact]
    public async Task Addresses_are_found_and_asked_for_once_while_they_are_good()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Address4("pbx.test", "192.0.2.1", "192.0.2.2");

        (await bench.AddressesAsync("PBX.test.")).ShouldBe("192.0.2.1 192.0.2.2");
        bench.Time.Advance(TimeSpan.FromSeconds(59));
        (await bench.AddressesAsync("pbx.test")).ShouldBe("192.0.2.1 192.0.2.2");
        bench.Server.Questions.ShouldBe(["A pbx.test"]);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        (await bench.AddressesAsync("pbx.test")).ShouldBe("192.0.2.1 192.0.2.2");
        bench.Server.Questions.Count.ShouldBe(2);
        bench.Resolver.Statistics.CacheHits.ShouldBe(1);
    }

    [Fact]
    public async Task A_no_is_kept_as_long_as_its_zone_says()
    {
        await using var bench = new ResolutionBench();
        (await bench.AddressesAsync("nobody.test")).ShouldBe("None");
        bench.Server.Address4("nobody.test", "192.0.2.1");
        bench.Time.Advance(TimeSpan.FromSeconds(29));
        (await bench.AddressesAsync("nobody.test")).ShouldBe("None");
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        (await bench.AddressesAsync("nobody.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task A_no_without_a_word_of_its_zone_is_not_kept()
    {
        await using var bench = new ResolutionBench();
        bench.Server.NegativeSeconds = null;
        await bench.AddressesAsync("nobody.test");
        bench.Server.Address4("nobody.test", "192.0.2.1");
        (await bench.AddressesAsync("nobody.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task A_time_to_live_of_zero_is_not_kept()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Seconds = 0;
        bench.Server.Address4("pbx.test", "192.0.2.1");
        await bench.AddressesAsync("pbx.test");
        await bench.AddressesAsync("pbx.test");
        bench.Server.Questions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Those_who_ask_at_once_share_one_question()
    {
        await using var bench = new ResolutionBench();
        bench.Server.IsBlackHole = true;
        var all = Enumerable.Range(0, 20).Select(_ => bench.AskAsync("pbx.test")).ToArray();
        await bench.Server.AskedAsync();
        bench.Resolver.UnderWay.ShouldBe(1);
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        (await Task.WhenAll(all)).ShouldAllBe(answer => answer.Outcome == DnsOutcome.Failed);
        bench.Server.Questions.Count.ShouldBe(1);
        bench.Resolver.UnderWay.ShouldBe(0);
    }

    [Fact]
    public async Task A_silent_server_gives_way_to_the_next()
    {
        await using var dead = new TestKit.TestNameServer { IsBlackHole = true };
        await using var bench = new ResolutionBench(options => options with { Servers = [dead.Address, .. options.Servers] });
        bench.Server.Address4("pbx.test", "192.0.2.1");
        var answer = bench.AddressesAsync("pbx.test");
        await dead.AskedAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        (await answer).ShouldBe("192.0.2.1");
        bench.Resolver.Statistics.Timeouts.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_failed_gives_way_to_the_next()
    {
        await using var broken = new TestKit.TestNameServer { Code = 2 };
        await using var bench = new ResolutionBench(options => options with { Servers = [broken.Address, .. options.Servers] });
        bench.Server.Address4("pbx.test", "192.0.2.1");
        (await bench.AddressesAsync("pbx.test")).ShouldBe("192.0.2.1");
        bench.Resolver.Statistics.Unusable.ShouldBe(1);
    }

    [Fact]
    public async Task A_dead_server_is_not_asked_again_for_a_while()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Code = 2;
        (await bench.AddressesAsync("pbx.test")).ShouldBe("Failed");
        (await bench.AddressesAsync("pbx.test")).ShouldBe("Failed");
        bench.Server.Questions.Count.ShouldBe(1);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await bench.AddressesAsync("pbx.test");
        bench.Server.Questions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_is_fetched_over_TCP()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Truncates = true;
        bench.Server.Address4("pbx.test", [.. Enumerable.Range(1, 200).Select(n => $"192.0.2.{n}")]);
        (await bench.AddressesAsync("pbx.test")).Split(' ').Length.ShouldBe(200);
        bench.Server.OverTcp.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_of_before_EDNS0_is_asked_without()
    {
        await using var bench = new ResolutionBench();
        bench.Server.IsOld = true;
        bench.Server.Address4("pbx.test", "192.0.2.1");
        (await bench.AddressesAsync("pbx.test")).ShouldBe("192.0.2.1");
        bench.Server.Questions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Aliases_are_followed_and_circles_end()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Alias("sip.test", "node.test").Alias("node.test", "host.test").Address4("host.test", "192.0.2.7");
        bench.Server.Alias("a.test", "b.test").Alias("b.test", "a.test");
        (await bench.AddressesAsync("sip.test")).ShouldBe("192.0.2.7");
        (await bench.AddressesAsync("a.test")).ShouldBeOneOf("None", "Failed");
    }

    [Fact]
    public async Task Forged_answers_with_another_number_or_question_are_passed_over()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Address4("pbx.test", "192.0.2.1");
        bench.Server.Tamper = answer =>
        {
            var otherNumber = answer.ToArray();
            otherNumber[0] ^= 0xFF;
            otherNumber[^1] = 66;
            var otherName = answer.ToArray();
            otherName[13] = (byte)'q';
            otherName[^1] = 66;
            return [otherNumber, otherName, [], [1, 2, 3], answer];
        };
        (await bench.AddressesAsync("pbx.test")).ShouldBe("192.0.2.1");
        bench.Resolver.Statistics.Foreign.ShouldBe(4);
    }

    [Fact]
    public async Task Records_of_other_names_in_an_answer_are_not_believed()
    {
        await using var bench = new ResolutionBench();
        bench.Server.Address4("pbx.test", "192.0.2.1");
        // The owner of the one record becomes another name of the same length.
        bench.Server.Tamper = answer =>
        {
            var forged = answer.ToArray();
            forged[12 + 10 + 4 + 1] = (byte)'q';
            return [forged];
        };
        (await bench.AddressesAsync("pbx.test")).ShouldBe("None");
    }

    [Fact]
    public async Task The_memory_for_answers_has_a_fixed_size()
    {
        await using var bench = new ResolutionBench(options => options with { CacheSize = 8 });
        for (var i = 0; i < 40; i++)
        {
            await bench.AskAsync($"name{i}.test");
        }

        bench.Resolver.Cached.ShouldBe(8);
    }

    [Fact]
    public async Task Too_many_questions_at_once_fail_at_once()
    {
        await using var bench = new ResolutionBench(options => options with { MaxUnderWay = 2 });
        bench.Server.IsBlackHole = true;
        var waiting = new[] { bench.AskAsync("a.test"), bench.AskAsync("b.test") };
        (await bench.AskAsync("c.test")).Outcome.ShouldBe(DnsOutcome.Failed);
        waiting.ShouldAllBe(question => !question.IsCompleted);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a b.test")]
    [InlineData("ä.test")]
    public async Task What_is_no_name_is_not_asked_for(string name)
    {
        await using var bench = new ResolutionBench();
        (await bench.AskAsync(name)).Outcome.ShouldBe(DnsOutcome.None);
        (await bench.AskAsync(new string('a', 64) + ".test")).Outcome.ShouldBe(DnsOutcome.None);
        bench.Server.Questions.ShouldBeEmpty();
    }

    [Fact]
    public void The_systems_name_servers_are_read_as_resolv_conf_says()
    {
        DnsServers.Read(["# comment", "search corp.example", "nameserver 192.0.2.53", "  nameserver\t2001:db8::53 # second", "nameserver nonsense", "options ndots:5"])
            .ShouldBe([new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53), new IPEndPoint(IPAddress.Parse("2001:db8::53"), 53)]);
        DnsServers.Read([]).ShouldBe([new IPEndPoint(IPAddress.Loopback, 53)]);
    }
}
