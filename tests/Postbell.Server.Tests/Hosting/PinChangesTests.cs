using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Imap;
using Postbell.Mailbox;
using Postbell.Server.Hosting;
using Postbell.SignIn;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class PinChangesTests
{
    [Fact]
    public async Task A_PIN_is_changed_by_who_knows_the_old_one_to_one_that_is_good()
    {
        using var folder = new TemporaryDirectory();
        var time = new ManualTime();
        await using var store = await MailStore.OpenAsync(
            new MailStoreOptions { DataDirectory = folder, PasswordIterations = 1 }, time, NullLoggerFactory.Instance, default);
        var ann = await store.CreateAccountAsync(new NewAccount { UserName = "ann", DisplayName = "Ann", Extension = "1001", Pin = "482913" }, default);
        using var guard = await SignInGuard.OpenAsync(store, new SignInLimits { LongestDelay = TimeSpan.Zero }, (_, _) => SignInRule.Pin, time, NullLoggerFactory.Instance, default);
        var remembered = "";
        var changes = new PinChanges(store, guard, (_, pin) => remembered = pin);
        foreach (var (old, wanted, outcome) in new[]
        {
            ("000000", "739164", PinChangeOutcome.OldPinWrong), ("482913", "123", PinChangeOutcome.TooShort), ("482913", new string('7', 30), PinChangeOutcome.TooLong),
            ("482913", "123456", PinChangeOutcome.TooWeak), ("482913", "73916a", PinChangeOutcome.InvalidCharacters), ("482913", "739164", PinChangeOutcome.Changed),
            ("482913", "482913", PinChangeOutcome.OldPinWrong),
        })
        {
            (await changes.ChangeAsync(new PinChange(ann, old, wanted, "192.0.2.1"), default)).ShouldBe(outcome, wanted);
        }

        remembered.ShouldBe("739164");
        (await store.VerifyPinAsync(ann.Id, "739164", default)).ShouldBeTrue();
        for (var i = 0; i < 15; i++)
        {
            await changes.ChangeAsync(new PinChange(ann, $"1000{i:00}", "482913", "192.0.2.1"), default);
        }

        (await changes.ChangeAsync(new PinChange(ann, "739164", "482913", "192.0.2.1"), default)).ShouldBe(PinChangeOutcome.Locked);
    }
}
