using Postbell.Media.Engine;

namespace Postbell.Media.Tests.Engine;

/// <summary>Keys reported by signalling (SIP INFO), alone and together with telephone-events.</summary>
public sealed class SignalledKeyTests
{
    private static readonly TimeSpan Held = TimeSpan.FromMilliseconds(120);

    [Fact]
    public void A_signalled_key_acts_like_one_that_was_heard()
    {
        using var rig = new EngineRig().Start();
        var collect = rig.Session.CollectDigitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        rig.Run(20);
        rig.Session.PressElsewhere('7', Held);
        rig.Run(20);
        collect.IsCompletedSuccessfully.ShouldBeTrue();
        rig.Events.Digits.ShouldBe([('7', 120)]);
    }

    [Fact]
    public void The_same_key_signalled_twice_is_two_presses()
    {
        using var rig = new EngineRig().Start();
        rig.Session.PressElsewhere('7', Held);
        rig.Session.PressElsewhere('7', Held);
        rig.Run(40);
        rig.Events.Digits.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_press_that_comes_both_ways_counts_once(bool signalledFirst)
    {
        using var rig = new EngineRig().Start();
        foreach (var key in "1223")
        {
            if (signalledFirst)
            {
                rig.Session.PressElsewhere(key, Held);
            }

            rig.Peer.Send(rig.Peer.Event(key, 160, marker: true));
            rig.Run(40);
            rig.Peer.Send(rig.Peer.Event(key, 960, end: true));
            if (!signalledFirst)
            {
                rig.Session.PressElsewhere(key, Held);
            }

            rig.Run(100);
            rig.Peer.Timestamp += 1600;
        }

        string.Concat(rig.Events.Digits.Select(d => d.Digit)).ShouldBe("1223");
        foreach (var key in "1223")
        {
            var collect = rig.Session.CollectDigitAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            rig.Run(20);
            collect.IsCompletedSuccessfully.ShouldBeTrue();
        }

        var none = rig.Session.CollectDigitAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        rig.Run(100);
        none.IsCompletedSuccessfully.ShouldBeTrue();
        (await none).ShouldBeNull();
    }

    [Fact]
    public void A_press_that_is_heard_and_signalled_counts_once()
    {
        var keys = default(SignalledKeys);
        keys.AcceptsSound('5', 0).ShouldBeTrue();
        keys.Accepts('5', 100_000_000).ShouldBeFalse();
        keys.Accepts('5', 900_000_000).ShouldBeTrue();
        keys.AcceptsSound('5', 950_000_000).ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_key_is_refused()
    {
        using var rig = new EngineRig().Start();
        Should.Throw<ArgumentException>(() => rig.Session.PressElsewhere('x', Held));
    }
}
