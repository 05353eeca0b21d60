using Postbell.Mailbox;

namespace Postbell.Imap;

/// <summary>Somebody wants another PIN for the telephone, in his visual voicemail.</summary>
/// <param name="Account">The person.</param>
/// <param name="OldPin">What he says his PIN is.</param>
/// <param name="NewPin">What it shall be.</param>
/// <param name="Source">Where from.</param>
public sealed record PinChange(Account Account, string OldPin, string NewPin, string Source);

/// <summary>What came of it; the words clients of visual voicemail know stand with each.</summary>
public enum PinChangeOutcome
{
    /// <summary>The PIN is changed.</summary>
    Changed,

    /// <summary>The old one is wrong.</summary>
    OldPinWrong,

    /// <summary>Too few digits.</summary>
    TooShort,

    /// <summary>Too many digits.</summary>
    TooLong,

    /// <summary>Too easy to guess.</summary>
    TooWeak,

    /// <summary>Not digits only.</summary>
    InvalidCharacters,

    /// <summary>Too many wrong PINs before: nothing was looked at.</summary>
    Locked,
}
