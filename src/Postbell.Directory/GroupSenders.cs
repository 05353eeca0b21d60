namespace Postbell.Directory;

/// <summary>Whose mail a distribution group takes.</summary>
public enum GroupSenders
{
    /// <summary>That of people who signed in to submit it.</summary>
    People,

    /// <summary>Everybody's, also mail from outside.</summary>
    Everyone,
}
