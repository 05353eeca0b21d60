namespace Postbell.Mailbox;

/// <summary>One person's mailbox account, as stored.</summary>
public sealed record Account
{
    /// <summary>The attribute that says whose mailbox it is.</summary>
    public const string KindAttribute = "mailbox";

    /// <summary>Its value for the mailbox of a team.</summary>
    public const string TeamKind = "team";

    /// <summary>Number of the account; never used again after deletion.</summary>
    public required long Id { get; init; }

    /// <summary>Sign-in name, compared without regard to case.</summary>
    public required string UserName { get; init; }

    /// <summary>Name that callers and correspondents see.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Extension in the dial plan; may be empty.</summary>
    public required string Extension { get; init; }

    /// <summary>Name of the dial plan.</summary>
    public required string DialPlan { get; init; }

    /// <summary>Name of the mailbox policy; empty is the default one.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Name of the gateway whose lamp belongs to the person; empty means the gateways of the dial plan.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>Main e-mail address; empty when there is none.</summary>
    public string Address { get; init; } = "";

    /// <summary>Everything else known of the person, by name (language, operator extension, ...).</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True for the mailbox of a team: nobody signs in as it, people reach it by the rights they have.</summary>
    public bool IsTeam => Attributes.GetValueOrDefault(KindAttribute) == TeamKind;

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when a legal hold keeps everything; null without one. Only <see cref="MailStore.SetHoldAsync"/> changes it.</summary>
    public DateTimeOffset? HeldSince { get; init; }
}

/// <summary>An account to be made.</summary>
public sealed record NewAccount
{
    /// <summary>Sign-in name: 1 to 128 visible characters, unique without regard to case.</summary>
    public required string UserName { get; init; }

    /// <summary>As in <see cref="Account.DisplayName"/>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>As in <see cref="Account.Extension"/>.</summary>
    public string Extension { get; init; } = "";

    /// <summary>As in <see cref="Account.DialPlan"/>.</summary>
    public string DialPlan { get; init; } = "";

    /// <summary>As in <see cref="Account.Policy"/>.</summary>
    public string Policy { get; init; } = "";

    /// <summary>As in <see cref="Account.Gateway"/>.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>As in <see cref="Account.Address"/>.</summary>
    public string Address { get; init; } = "";

    /// <summary>As in <see cref="Account.Attributes"/>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>First password; null means no sign-in by password until one is set.</summary>
    public string? Password { get; init; }

    /// <summary>First PIN; null means no sign-in by telephone until one is set.</summary>
    public string? Pin { get; init; }
}

/// <summary>Names of the recordings a person can have.</summary>
public static class GreetingNames
{
    /// <summary>The everyday greeting.</summary>
    public const string Standard = "standard";

    /// <summary>The greeting while away.</summary>
    public const string Away = "away";

    /// <summary>The spoken name.</summary>
    public const string Name = "name";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Standard, Away, Name];
}
