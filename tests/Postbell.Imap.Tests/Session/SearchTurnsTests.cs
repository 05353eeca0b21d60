using Postbell.Imap.Session;
using Postbell.TestKit;

namespace Postbell.Imap.Tests.Session;

public sealed class SearchTurnsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task One_person_has_one_search_at_a_time_and_keeps_no_one_else_waiting()
    {
        using var turns = new SearchTurns(atOnce: 2, Minute, new ManualTime());
        var hold = new TaskCompletionSource<string>();
        var first = turns.RunAsync(1, _ => hold.Task, CancellationToken.None);
        var waiting = Enumerable.Range(0, 50).Select(_ => turns.RunAsync(1, _ => Task.FromResult("later"), CancellationToken.None)).ToList();
        (await turns.RunAsync(2, _ => Task.FromResult("at once"), CancellationToken.None)).ShouldBe("at once");
        waiting.ShouldAllBe(w => !w.IsCompleted);
        hold.SetResult("done");
        (await first).ShouldBe("done");
        (await Task.WhenAll(waiting)).ShouldAllBe(w => w == "later");
    }

    [Fact]
    public async Task All_together_have_a_bound()
    {
        using var turns = new SearchTurns(atOnce: 2, Minute, new ManualTime());
        var hold = new TaskCompletionSource<string>();
        var running = new[] { turns.RunAsync(1, _ => hold.Task, CancellationToken.None), turns.RunAsync(2, _ => hold.Task, CancellationToken.None) };
        var third = turns.RunAsync(3, _ => Task.FromResult("third"), CancellationToken.None);
        third.IsCompleted.ShouldBeFalse();
        hold.SetResult("");
        await Task.WhenAll(running);
        (await third).ShouldBe("third");
    }

    [Fact]
    public async Task After_its_time_a_search_is_given_up_whether_it_works_or_waits()
    {
        var time = new ManualTime();
        using var turns = new SearchTurns(atOnce: 1, Minute, time);
        var working = turns.RunAsync(1, ForeverAsync, CancellationToken.None);
        var waiting = turns.RunAsync(2, ForeverAsync, CancellationToken.None);
        time.Advance(Minute);
        (await working).ShouldBeNull();
        (await waiting).ShouldBeNull();
        (await turns.RunAsync(1, _ => Task.FromResult("next"), CancellationToken.None)).ShouldBe("next");
    }

    [Fact]
    public async Task A_client_that_is_gone_is_no_timeout()
    {
        using var turns = new SearchTurns(atOnce: 1, Minute, new ManualTime());
        using var gone = new CancellationTokenSource();
        var working = turns.RunAsync(1, ForeverAsync, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(working);
    }

    private static async Task<string> ForeverAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        return "";
    }
}
