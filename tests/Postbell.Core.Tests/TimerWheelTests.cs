using Postbell.TestKit;

namespace Postbell.Core.Tests;

public sealed class TimerWheelTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_timer_fires_once_and_never_early()
    {
        using var wheel = new TimerWheel(_time);
        var fired = new List<TimeSpan>();
        var start = _time.GetUtcNow();
        wheel.Schedule(TimeSpan.FromMilliseconds(500), _ => fired.Add(_time.GetUtcNow() - start));

        _time.Advance(TimeSpan.FromMilliseconds(490));
        fired.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(30));

        fired.Count.ShouldBe(1);
        fired[0].ShouldBeInRange(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(530));
        wheel.Pending.ShouldBe(0);
    }

    [Fact]
    public void Timers_beyond_one_turn_of_the_wheel_fire_at_their_time()
    {
        using var wheel = new TimerWheel(_time);
        var fired = 0;
        wheel.Schedule(TimeSpan.FromMinutes(30), _ => fired++);

        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(50));
        fired.ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        fired.ShouldBe(1);
    }

    [Fact]
    public void A_cancelled_timer_stays_silent()
    {
        using var wheel = new TimerWheel(_time);
        var fired = 0;
        var timer = wheel.Schedule(TimeSpan.FromMilliseconds(100), _ => fired++);
        timer.Cancel();
        _time.Advance(TimeSpan.FromSeconds(1));
        fired.ShouldBe(0);
        wheel.Pending.ShouldBe(0);
    }

    [Fact]
    public void A_timer_set_while_the_wheel_rested_is_counted_from_now()
    {
        using var wheel = new TimerWheel(_time);
        _time.Advance(TimeSpan.FromHours(1));
        var start = _time.GetUtcNow();
        var fired = TimeSpan.Zero;
        wheel.Schedule(TimeSpan.FromMilliseconds(200), _ => fired = _time.GetUtcNow() - start);
        _time.Advance(TimeSpan.FromSeconds(2));
        fired.ShouldBeInRange(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(230));
    }

    [Fact]
    public void A_callback_may_schedule_the_next_timer()
    {
        using var wheel = new TimerWheel(_time);
        var fired = 0;
        void Again(object? _)
        {
            if (++fired < 5)
            {
                wheel.Schedule(TimeSpan.FromMilliseconds(100), Again);
            }
        }

        wheel.Schedule(TimeSpan.FromMilliseconds(100), Again);
        _time.Advance(TimeSpan.FromSeconds(1));
        fired.ShouldBe(5);
    }

    [Fact]
    public void A_rest_of_years_costs_the_first_timer_nothing()
    {
        using var wheel = new TimerWheel(_time);
        _time.Advance(TimeSpan.FromDays(20 * 365));
        var fired = 0;
        wheel.Schedule(TimeSpan.FromMilliseconds(200), _ => fired++);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        fired.ShouldBe(1);
        System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
