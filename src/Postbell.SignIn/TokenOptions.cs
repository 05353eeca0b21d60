namespace Postbell.SignIn;

/// <summary>Which tokens of which identity provider open mailboxes.</summary>
public sealed record TokenOptions
{
    /// <summary>The issuer a token must name (<c>iss</c>).</summary>
    public required string Issuer { get; init; }

    /// <summary>The audience a token must name (<c>aud</c>): what the identity provider calls this server.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim that holds the sign-in name; with <c>@</c> and the mail domain behind it, also without them.</summary>
    public string UserClaim { get; init; } = "preferred_username";

    /// <summary>A word the scope of a token must have; null asks for none.</summary>
    public string? Scope { get; init; }

    /// <summary>The mail domain.</summary>
    public string MailDomain { get; init; } = "";

    /// <summary>Where the keys are (RFC 7517); null where tokens are asked about instead.</summary>
    public Uri? Keys { get; init; }

    /// <summary>Where tokens are asked about (RFC 7662); null where they are checked by keys.</summary>
    public Uri? Introspection { get; init; }

    /// <summary>Our name there.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Our secret there, asked anew each time.</summary>
    public Func<string> ClientSecret { get; init; } = static () => "";

    /// <summary>How long keys are good without being fetched again.</summary>
    public TimeSpan KeysKeptFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a good answer about a token holds.</summary>
    public TimeSpan AnswerKeptFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait for the identity provider.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
