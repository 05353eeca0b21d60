using System.Net;
using Postbell.Sip.Defence;

namespace Postbell.Sip.Tests.Defence;

/// <summary>The memory of sources: fixed in size, banned sources stay longest.</summary>
public sealed class SourceTableTests
{
    [Fact]
    public void An_address_is_the_same_source_in_its_ipv4_and_mapped_form()
    {
        var table = new SourceTable(64);
        table.Find(IPAddress.Parse("192.0.2.7"), 1).BannedUntil = 100;
        table.IsBanned(IPAddress.Parse("::ffff:192.0.2.7"), 50).ShouldBeTrue();
        table.IsBanned(IPAddress.Parse("192.0.2.8"), 50).ShouldBeFalse();
        table.IsBanned(IPAddress.Parse("192.0.2.7"), 100).ShouldBeFalse();
    }

    [Fact]
    public void An_ipv6_network_of_64_bits_is_one_source()
    {
        var table = new SourceTable(64);
        table.Find(IPAddress.Parse("2001:db8:0:1::1"), 1).BannedUntil = 100;
        table.IsBanned(IPAddress.Parse("2001:db8:0:1:ffff::9"), 50).ShouldBeTrue();
        table.IsBanned(IPAddress.Parse("2001:db8:0:2::1"), 50).ShouldBeFalse();
    }

    [Fact]
    public void The_table_never_grows_and_forgets_the_quietest_that_is_not_banned()
    {
        var table = new SourceTable(8);
        table.Capacity.ShouldBe(8);
        table.Find(Address(0), 1).BannedUntil = 1_000_000;
        for (var i = 1; i < 100_000; i++)
        {
            table.Find(Address(i), i + 1).Bans = i;
        }

        table.IsBanned(Address(0), 100_001).ShouldBeTrue();
        table.CountBanned(100_001).ShouldBe(1);
        table.Find(Address(99_999), 100_001).Bans.ShouldBe(99_999);
        table.Find(Address(5), 100_002).Bans.ShouldBe(0);
    }

    [Fact]
    public void A_meter_lets_its_burst_through_at_once_and_then_its_rate()
    {
        var meter = default(RateMeter);
        Enumerable.Range(0, 30).Count(_ => meter.Take(1_000, 100, 20)).ShouldBe(20);
        meter.Take(1_050, 100, 20).ShouldBeFalse();
        meter.Take(1_100, 100, 20).ShouldBeTrue();
        meter.Take(1_100, 100, 20).ShouldBeFalse();
        Enumerable.Range(0, 30).Count(_ => meter.Take(1_000_000, 100, 20)).ShouldBe(20);
    }

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
