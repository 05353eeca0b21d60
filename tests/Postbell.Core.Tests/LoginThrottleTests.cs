using Postbell.TestKit;

namespace Postbell.Core.Tests;

public sealed class LoginThrottleTests
{
    [Fact]
    public void Each_refusal_waits_twice_as_long_up_to_a_limit()
    {
        var time = new ManualTime();
        using var throttle = new LoginThrottle(time, TimeSpan.FromSeconds(16));
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 16 })
        {
            Wait(throttle, time, "192.0.2.1").ShouldBe(TimeSpan.FromSeconds(seconds));
        }

        Wait(throttle, time, "192.0.2.2").ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_quarter_of_an_hour_makes_it_short_again()
    {
        var time = new ManualTime();
        using var throttle = new LoginThrottle(time, TimeSpan.FromSeconds(16));
        Wait(throttle, time, "a");
        Wait(throttle, time, "a").ShouldBe(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromMinutes(16));
        Wait(throttle, time, "a").ShouldBe(TimeSpan.FromSeconds(1));
    }

    private static TimeSpan Wait(LoginThrottle throttle, ManualTime time, string address)
    {
        var punished = throttle.PunishAsync(address, CancellationToken.None);
        var waited = TimeSpan.Zero;
        while (!punished.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            waited += TimeSpan.FromMilliseconds(500);
        }

        return waited;
    }
}
