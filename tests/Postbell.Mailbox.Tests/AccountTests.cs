using System.Diagnostics;
using Postbell.Mailbox.Accounts;
using static Postbell.Mailbox.Tests.FolderTests;

namespace Postbell.Mailbox.Tests;

public sealed class AccountTests
{
    [Fact]
    public async Task An_account_is_kept_with_all_its_fields()
    {
        await using var opened = await OpenedStore.NewAsync();
        var created = await opened.Store.CreateAccountAsync(
            new NewAccount
            {
                UserName = "Bo.Li", DisplayName = "Bo Li", Extension = "1002", DialPlan = "main", Policy = "p", Gateway = "gw", Address = "bo@example.com",
                Attributes = new Dictionary<string, string> { ["language"] = "de-DE" },
            },
            default);
        await opened.ReopenAsync();
        var found = (await opened.Store.FindAccountAsync("bo.li", default))!;
        found.ShouldBe(created with { Attributes = found.Attributes });
        found.Attributes["language"].ShouldBe("de-DE");
        found.CreatedAt.ShouldBe(opened.Time.GetUtcNow());
        (await opened.Store.ListAccountsAsync(default)).Select(a => a.UserName).ShouldBe(["ann", "Bo.Li"]);
        (await opened.Store.FindAccountAsync("nobody", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Fields_can_be_changed_but_a_name_is_given_once()
    {
        await using var opened = await OpenedStore.NewAsync();
        (await Refusal(opened.Store.CreateAccountAsync(new NewAccount { UserName = "ANN", DisplayName = "x" }, default))).ShouldBe(MailboxFailure.AccountExists);
        var bo = await opened.Store.CreateAccountAsync(new NewAccount { UserName = "bo", DisplayName = "x" }, default);
        (await Refusal(opened.Store.UpdateAccountAsync(bo with { UserName = "Ann" }, default))).ShouldBe(MailboxFailure.AccountExists);
        await opened.Store.UpdateAccountAsync(bo with { DisplayName = "Bo", Extension = "7" }, default);
        (await opened.Store.FindAccountAsync(bo.Id, default))!.Extension.ShouldBe("7");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    public async Task A_senseless_user_name_is_refused(string name)
    {
        await using var opened = await OpenedStore.NewAsync();
        (await Refusal(opened.Store.CreateAccountAsync(new NewAccount { UserName = name, DisplayName = "x" }, default))).ShouldBe(MailboxFailure.InvalidAccount);
    }

    [Fact]
    public async Task Passwords_are_checked_and_can_be_changed()
    {
        await using var opened = await OpenedStore.NewAsync();
        (await opened.Store.VerifyPasswordAsync("ann", "secret", default)).ShouldBeNull();
        await opened.Store.SetPasswordAsync(opened.Account.Id, "secret", default);
        (await opened.Store.VerifyPasswordAsync("ANN", "secret", default))!.Id.ShouldBe(opened.Account.Id);
        (await opened.Store.VerifyPasswordAsync("ann", "Secret", default)).ShouldBeNull();
        (await opened.Store.VerifyPasswordAsync("ann", "", default)).ShouldBeNull();
        (await opened.Store.VerifyPasswordAsync("nobody", "secret", default)).ShouldBeNull();
        await opened.Store.SetPasswordAsync(opened.Account.Id, "päss", default);
        (await opened.Store.VerifyPasswordAsync("ann", "secret", default)).ShouldBeNull();
        (await opened.Store.VerifyPasswordAsync("ann", "päss", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Pins_are_digits_and_are_checked()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Store.SetPinAsync(opened.Account.Id, "012345", default);
        (await opened.Store.VerifyPinAsync(opened.Account.Id, "012345", default)).ShouldBeTrue();
        (await opened.Store.VerifyPinAsync(opened.Account.Id, "12345", default)).ShouldBeFalse();
        (await opened.Store.VerifyPinAsync(99, "012345", default)).ShouldBeFalse();
        (await Refusal(opened.Store.SetPinAsync(opened.Account.Id, "12a4", default))).ShouldBe(MailboxFailure.InvalidAccount);
        (await Refusal(opened.Store.SetPinAsync(99, "1234", default))).ShouldBe(MailboxFailure.NoSuchAccount);
    }

    [Fact]
    public void Rounds_are_stored_with_the_hash_and_secrets_are_salted()
    {
        var one = SecretHash.Create("x", 20);
        var two = SecretHash.Create("x", 20);
        one.Iterations.ShouldBe(20);
        one.Hash.ShouldNotBe(two.Hash);
        one.Matches("x").ShouldBeTrue();
        new MailStoreOptions { DataDirectory = "x" }.PasswordIterations.ShouldBe(65_536);
    }

    [Fact]
    public async Task An_unknown_name_takes_as_much_work_as_a_wrong_password()
    {
        var verifier = new SecretVerifier(50_000);
        var stored = await verifier.HashAsync("right", default);
        await verifier.MatchesAsync(stored, "warm up", default);
        var known = await TimeAsync(() => verifier.MatchesAsync(stored, "wrong", default));
        var unknown = await TimeAsync(() => verifier.MatchesAsync(null, "wrong", default));
        // Both are tens of milliseconds of hashing; without it the unknown one would take microseconds.
        (unknown / known).ShouldBeGreaterThan(0.2);
    }

    [Fact]
    public async Task Greetings_are_kept_replaced_and_removed()
    {
        await using var opened = await OpenedStore.NewAsync();
        var id = opened.Account.Id;
        (await opened.Store.GetGreetingAsync(id, GreetingNames.Standard, default)).ShouldBeNull();
        await opened.Store.SetGreetingAsync(id, GreetingNames.Standard, new byte[] { 1, 2 }, default);
        await opened.Store.SetGreetingAsync(id, GreetingNames.Standard, new byte[] { 3 }, default);
        await opened.ReopenAsync();
        (await opened.Store.GetGreetingAsync(id, GreetingNames.Standard, default))!.Value.ToArray().ShouldBe([3]);
        await opened.Store.SetGreetingAsync(id, GreetingNames.Standard, default, default);
        (await opened.Store.GetGreetingAsync(id, GreetingNames.Standard, default)).ShouldBeNull();
        SpinWait.SpinUntil(() => MessageTests.BlobCount(opened) == 0, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        (await Refusal(opened.Store.SetGreetingAsync(id, "other", new byte[1], default))).ShouldBe(MailboxFailure.InvalidGreeting);
        (await Refusal(opened.Store.SetGreetingAsync(id, "name", new byte[10_000_000], default))).ShouldBe(MailboxFailure.InvalidGreeting);
    }

    [Fact]
    public async Task Deleting_an_account_leaves_nothing_behind_and_its_number_is_not_used_again()
    {
        await using var opened = await OpenedStore.NewAsync();
        await opened.Store.SetGreetingAsync(opened.Account.Id, GreetingNames.Away, new byte[9], default);
        await opened.AppendAsync("INBOX", "a: b\n\nx");
        await opened.Store.DeleteAccountAsync(opened.Account.Id, default);
        (await Refusal(opened.Store.OpenMailboxAsync(opened.Account.Id, default))).ShouldBe(MailboxFailure.NoSuchAccount);
        SpinWait.SpinUntil(() => MessageTests.BlobCount(opened) == 0, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        var again = await opened.Store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "x" }, default);
        again.Id.ShouldBeGreaterThan(opened.Account.Id);
        foreach (var table in new[] { "messages", "contents", "greetings", "secrets", "deliveries", "expunged" })
        {
            (await opened.Store.Readers.ReadAsync(sql => sql.Number($"SELECT count(*) FROM {table}"), default)).ShouldBe(0, table);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        // The shortest of several: what a busy machine adds is no work of ours.
        var shortest = double.MaxValue;
        for (var i = 0; i < 7; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            shortest = Math.Min(shortest, watch.Elapsed.TotalMilliseconds);
        }

        return shortest;
    }
}
