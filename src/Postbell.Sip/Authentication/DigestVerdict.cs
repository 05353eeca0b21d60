namespace Postbell.Sip.Authentication;

/// <summary>What the credentials of a request are worth.</summary>
internal enum DigestVerdict
{
    /// <summary>Good.</summary>
    Good,

    /// <summary>There are none for our realm in an algorithm of ours: a challenge.</summary>
    Missing,

    /// <summary>The nonce is too old, used already, or none that was given to this address: a challenge that says so.</summary>
    Stale,

    /// <summary>Wrong, with a nonce that was given to this very address.</summary>
    Wrong,

    /// <summary>Not to be understood.</summary>
    Malformed,

    /// <summary>A quality of protection that was not offered.</summary>
    OtherProtection,
}
