using Postbell.Imap;
using Postbell.Mailbox;
using Postbell.SignIn;

namespace Postbell.Server.Hosting;

/// <summary>Changes PINs that people choose in their visual voicemail: the old one must be right, and guessing it is held up as everywhere.</summary>
internal sealed class PinChanges(MailStore store, SignInGuard guard, Action<string, string> remember)
{
    /// <summary>Changes a PIN, or says why not.</summary>
    public async Task<PinChangeOutcome> ChangeAsync(PinChange wanted, CancellationToken cancellation)
    {
        var account = wanted.Account;
        var attempt = new SignInAttempt
        {
            Door = SignInDoor.Imap, Secret = SignInSecret.Pin, Source = wanted.Source, UserName = account.UserName, Given = wanted.OldPin,
        };
        var outcome = await guard.SignInAsync(
            attempt, async gone => await store.VerifyPinAsync(account.Id, wanted.OldPin, gone) ? account : null, cancellation);
        if (outcome.Account is null)
        {
            return outcome.Verdict == SignInVerdict.Refused ? PinChangeOutcome.OldPinWrong : PinChangeOutcome.Locked;
        }

        var problem = PinPolicy.Judge(wanted.NewPin, account.Extension);
        if (problem == PinProblem.None)
        {
            await store.SetPinAsync(account.Id, wanted.NewPin, cancellation);
            remember(account.UserName, wanted.NewPin);
        }

        return problem switch
        {
            PinProblem.None => PinChangeOutcome.Changed,
            PinProblem.TooShort => PinChangeOutcome.TooShort,
            PinProblem.TooLong => PinChangeOutcome.TooLong,
            PinProblem.NotDigits => PinChangeOutcome.InvalidCharacters,
            _ => PinChangeOutcome.TooWeak,
        };
    }
}
