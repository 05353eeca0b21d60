using Postbell.Mailbox.Accounts;

namespace Postbell.Mailbox.Tests;

public sealed class SecretVerifierTests
{
    [Fact]
    public async Task A_password_that_was_right_is_known_again_without_the_costly_hash_and_a_wrong_one_never()
    {
        var verifier = new SecretVerifier(10);
        var stored = await verifier.HashAsync("right", default);
        (await verifier.MatchesAgainAsync(stored, "right", default)).ShouldBeTrue();
        verifier.Derived.ShouldBe(1);
        (await verifier.MatchesAgainAsync(stored, "right", default)).ShouldBeTrue();
        verifier.Derived.ShouldBe(1);
        (await verifier.MatchesAgainAsync(stored, "wrong", default)).ShouldBeFalse();
        (await verifier.MatchesAgainAsync(stored, "wrong", default)).ShouldBeFalse();
        (await verifier.MatchesAgainAsync(null, "right", default)).ShouldBeFalse();
        verifier.Derived.ShouldBe(4);
    }

    [Fact]
    public async Task A_changed_password_is_forgotten_even_when_it_is_the_same_again()
    {
        var verifier = new SecretVerifier(10);
        var before = await verifier.HashAsync("one", default);
        (await verifier.MatchesAgainAsync(before, "one", default)).ShouldBeTrue();
        var changed = await verifier.HashAsync("two", default);
        (await verifier.MatchesAgainAsync(changed, "one", default)).ShouldBeFalse();
        var again = await verifier.HashAsync("one", default);
        (await verifier.MatchesAgainAsync(again, "one", default)).ShouldBeTrue();
        verifier.Derived.ShouldBe(3);
    }
}
