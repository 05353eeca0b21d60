using System.Net;
using Postbell.SignIn.Guarding;
using Postbell.TestKit;

namespace Postbell.SignIn.Tests;

/// <summary>Guessing of passwords, spread over whatever a guesser has.</summary>
public sealed class GuardTests
{
    [Fact]
    public async Task Guesses_from_many_addresses_lock_the_account_for_strangers_and_nothing_is_looked_at_then()
    {
        await using var room = await GuardRoom.OpenAsync();
        (await room.GuessAsync(10, i => $"198.51.{i}.1")).ShouldAllBe(v => v == SignInVerdict.Refused);
        var checks = room.Checks;
        (await room.TryAsync(GuardRoom.Right, "203.0.113.5")).Verdict.ShouldBe(SignInVerdict.Locked);
        room.Checks.ShouldBe(checks);
        room.Guard.Locks.ShouldHaveSingleItem().ShouldBe(new SignInLock("account", "password", "ann", "", room.Time.GetUtcNow().AddMinutes(15)));
        room.Time.Advance(TimeSpan.FromMinutes(15));
        (await room.TryAsync(GuardRoom.Right, "203.0.113.5")).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task The_owner_comes_in_from_where_he_is_known_whatever_strangers_do()
    {
        await using var room = await GuardRoom.OpenAsync();
        (await room.TryAsync(GuardRoom.Right)).Account!.UserName.ShouldBe("ann");
        await room.GuessAsync(30, i => $"198.51.{i}.1");
        (await room.TryAsync(GuardRoom.Right, "198.18.0.1")).Verdict.ShouldBe(SignInVerdict.Locked);
        (await room.TryAsync(GuardRoom.Right)).Verdict.ShouldBe(SignInVerdict.Accepted);
        (await room.TryAsync(GuardRoom.Right, "192.0.2.200")).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task Who_guesses_from_the_owners_own_network_is_locked_there_alone()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.TryAsync(GuardRoom.Right);
        await room.GuessAsync(10, _ => GuardRoom.Home);
        (await room.TryAsync(GuardRoom.Right)).Verdict.ShouldBe(SignInVerdict.Locked);
        room.Guard.Locks.ShouldHaveSingleItem().Kind.ShouldBe("pair");
        (await room.TryAsync(GuardRoom.Right, "203.0.113.5")).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task One_source_that_tries_many_accounts_at_all_doors_is_locked_longer_each_time()
    {
        await using var room = await GuardRoom.OpenAsync();
        for (var i = 0; i < 30; i++)
        {
            var door = i % 2 == 0 ? SignInDoor.Imap : SignInDoor.Submission;
            (await room.TryAsync("summer", "2001:db8::" + i, $"user{i}", door)).Verdict.ShouldBe(SignInVerdict.Refused);
        }

        (await room.TryAsync("summer", "2001:db8::ffff", "ann")).Verdict.ShouldBe(SignInVerdict.Locked);
        (await room.TryAsync(GuardRoom.Right, "2001:db8:0:1::1")).Verdict.ShouldBe(SignInVerdict.Accepted);
        room.Guard.Locks.ShouldHaveSingleItem().Source.ShouldBe("2001:db8::/64");
        room.Time.Advance(TimeSpan.FromMinutes(15));
        for (var i = 0; i < 30; i++)
        {
            (await room.TryAsync("winter", "2001:db8::1", $"user{i}")).Verdict.ShouldBe(SignInVerdict.Refused);
        }

        room.Guard.Locks.ShouldHaveSingleItem().Until.ShouldBe(room.Time.GetUtcNow().AddMinutes(30));
    }

    [Fact]
    public async Task A_known_person_passes_the_lock_of_a_source_he_shares_with_a_guesser()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.TryAsync(GuardRoom.Right);
        await room.SprayAsync(30, GuardRoom.Home);
        (await room.TryAsync("x", GuardRoom.Home, "carol")).Verdict.ShouldBe(SignInVerdict.Locked);
        (await room.TryAsync(GuardRoom.Right)).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_locked_like_one_that_does()
    {
        await using var room = await GuardRoom.OpenAsync();
        var real = await room.GuessAsync(12, i => $"198.51.{i}.1", "ann");
        var none = await room.GuessAsync(12, i => $"198.52.{i}.1", "nobody");
        none.ShouldBe(real);
        none[^1].ShouldBe(SignInVerdict.Locked);
    }

    [Fact]
    public async Task Locks_and_known_networks_outlive_a_restart()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.TryAsync(GuardRoom.Right);
        await room.GuessAsync(10, i => $"198.51.{i}.1");
        await room.RestartAsync();
        (await room.TryAsync(GuardRoom.Right, "203.0.113.5")).Verdict.ShouldBe(SignInVerdict.Locked);
        (await room.TryAsync(GuardRoom.Right)).Verdict.ShouldBe(SignInVerdict.Accepted);
        (await room.Guard.UnlockAsync("Ann", default)).ShouldBe(1);
        await room.RestartAsync();
        (await room.TryAsync(GuardRoom.Right, "203.0.113.5")).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task A_restart_gives_few_new_tries()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.GuessAsync(9, i => $"198.51.{i}.1");
        await room.RestartAsync();
        var more = await room.GuessAsync(9, i => $"198.52.{i}.1", prefix: "again");
        more.Count(v => v == SignInVerdict.Refused).ShouldBe(5);
    }

    [Fact]
    public async Task The_same_old_password_of_a_forgotten_device_locks_nobody_out()
    {
        await using var room = await GuardRoom.OpenAsync();
        for (var i = 0; i < 100; i++)
        {
            (await room.TryAsync("my old password")).Verdict.ShouldBe(SignInVerdict.Refused);
        }

        (await room.TryAsync(GuardRoom.Right)).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public async Task A_web_mail_server_that_many_share_is_never_locked_as_a_source()
    {
        await using var room = await GuardRoom.OpenAsync(new SignInLimits { LongestDelay = TimeSpan.Zero, SharedSources = [IPNetwork.Parse("10.0.0.0/8")] });
        for (var i = 0; i < 40; i++)
        {
            await room.TryAsync("x", "10.1.2.3", $"user{i}");
        }

        (await room.TryAsync(GuardRoom.Right, "10.1.2.3")).Verdict.ShouldBe(SignInVerdict.Accepted);
    }

    [Fact]
    public void Each_refusal_makes_the_next_try_wait_twice_as_long()
    {
        var time = new ManualTime();
        var table = new FailureTable(new SignInLimits(), time);
        var attempt = new SignInAttempt { Door = SignInDoor.Imap, Secret = SignInSecret.Password, Source = GuardRoom.Home, UserName = "ann" };
        Subject[] subjects = [Subject.ForSource(attempt.Source), Subject.ForAccount(attempt)];
        foreach (var seconds in new[] { 0, 1, 2, 4, 8, 16, 16 })
        {
            var (locked, from) = table.Ask(subjects);
            (locked, from - time.GetUtcNow()).ShouldBe((false, TimeSpan.FromSeconds(seconds)));
            time.Advance(TimeSpan.FromSeconds(seconds));
            table.Refuse(subjects, attempt, SignInRule.Password);
        }

        table.Ask([Subject.ForSource("203.0.113.9")]).From.ShouldBe(time.GetUtcNow());
    }

    [Fact]
    public async Task Guesses_at_the_same_time_wait_for_each_other_and_those_that_would_wait_too_long_are_turned_away()
    {
        await using var room = await GuardRoom.OpenAsync(new SignInLimits());
        var guesses = Enumerable.Range(0, 40).Select(i => room.TryAsync($"guess {i}")).ToList();
        // 1 + 2 + 4 + 8 seconds, and no fifth wait within 30.
        var all = Task.WhenAll(guesses);
        for (var i = 0; !all.IsCompleted && i < 500; i++)
        {
            await Task.WhenAny(all, Task.Delay(20));
            room.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        var verdicts = await all.WaitAsync(TimeSpan.FromSeconds(10));
        verdicts.Count(v => v.Verdict == SignInVerdict.Busy).ShouldBe(40 - room.Checks);
        room.Checks.ShouldBeInRange(1, 5);
    }

    [Fact]
    public async Task Refusals_are_forgotten_after_a_quiet_hour()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.GuessAsync(9, i => $"198.51.{i}.1");
        room.Time.Advance(TimeSpan.FromMinutes(61));
        (await room.GuessAsync(9, i => $"198.52.{i}.1", prefix: "later")).ShouldAllBe(v => v == SignInVerdict.Refused);
    }

    [Fact]
    public async Task What_is_remembered_stays_bounded_and_keeps_the_locks()
    {
        await using var room = await GuardRoom.OpenAsync(new SignInLimits { LongestDelay = TimeSpan.Zero, Remembered = 100 });
        await room.GuessAsync(10, i => $"198.51.{i}.1");
        for (var i = 0; i < 300; i++)
        {
            await room.TryAsync("x", $"198.18.{i % 250}.{i / 250}", $"user{i}");
        }

        room.Guard.Locks.ShouldHaveSingleItem().Name.ShouldBe("ann");
    }

    [Fact]
    public async Task A_source_is_unlocked_by_any_of_its_addresses()
    {
        await using var room = await GuardRoom.OpenAsync();
        await room.SprayAsync(30, "2001:db8::5");
        (await room.Guard.UnlockSourceAsync("2001:db8::/64", default)).ShouldBe(1);
        (await room.TryAsync(GuardRoom.Right, "2001:db8::5")).Verdict.ShouldBe(SignInVerdict.Accepted);
        room.Guard.Statistics.Tries.ShouldBe([(SignInDoor.Imap, SignInVerdict.Refused, 30L), (SignInDoor.Imap, SignInVerdict.Accepted, 1L)]);
    }
}
