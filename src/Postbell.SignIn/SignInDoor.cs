namespace Postbell.SignIn;

/// <summary>Where somebody wants to come in.</summary>
public enum SignInDoor
{
    /// <summary>Mail clients reading mail.</summary>
    Imap,

    /// <summary>Mail clients sending mail.</summary>
    Submission,

    /// <summary>The telephone.</summary>
    Phone,

    /// <summary>Browsers and programs over HTTP.</summary>
    Web,
}
