using Postbell.Mailbox.Searching;
using Postbell.TestKit;

namespace Postbell.Mailbox.Tests;

public sealed class IndexingPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void With_nobody_else_writing_it_goes_on_at_once_with_large_batches()
    {
        var pace = new IndexingPace(_time, 100);
        pace.Begin(5);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        pace.Rest(100, TimeSpan.FromMilliseconds(250), 6).ShouldBe(TimeSpan.Zero);
        pace.Count.ShouldBe(100);
    }

    [Fact]
    public void While_others_write_batches_are_short_and_take_a_tenth_of_the_time()
    {
        var pace = new IndexingPace(_time, 100);
        pace.Begin(5);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        pace.Rest(100, TimeSpan.FromMilliseconds(100), 50).ShouldBe(TimeSpan.FromMilliseconds(900));
        pace.Count.ShouldBe(20);
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        pace.Rest(20, TimeSpan.FromMilliseconds(10), 500).ShouldBe(TimeSpan.FromMilliseconds(90));
        pace.Count.ShouldBe(40);
    }

    [Fact]
    public void Once_they_have_ended_it_is_fast_again()
    {
        var pace = new IndexingPace(_time, 100);
        pace.Begin(0);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        pace.Rest(100, TimeSpan.FromMilliseconds(100), 100);
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        pace.Rest(20, TimeSpan.FromMilliseconds(20), 101).ShouldBe(TimeSpan.Zero);
        pace.Count.ShouldBe(100);
    }

    [Fact]
    public void A_batch_that_takes_very_long_rests_two_seconds_at_most_and_one_message_is_the_least()
    {
        var pace = new IndexingPace(_time, 100);
        pace.Begin(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        pace.Rest(1, TimeSpan.FromSeconds(1), 1000).ShouldBe(TimeSpan.FromSeconds(2));
        pace.Count.ShouldBe(1);
    }
}
