using System.Collections.Frozen;
using System.Globalization;

namespace Postbell.Directory;

/// <summary>
/// Who gets the mail of an address. Immutable; compared without regard to case, internationalized domains in either form (RFC 5890),
/// <c>ann+anything@</c> is <c>ann@</c> where nobody has the longer one (RFC 5233).
/// </summary>
public sealed class AddressBook
{
    private static readonly IdnMapping s_idn = new();

    private readonly FrozenDictionary<string, MailRecipient> _byAddress;
    private readonly FrozenSet<string> _domains;

    /// <summary>Indexes addresses; of one that several have the first one keeps it, see <see cref="Problems"/>.</summary>
    /// <param name="domains">Domains whose mail ends here: an address in them that nobody has does not exist.</param>
    /// <param name="recipients">Everybody.</param>
    /// <param name="postmaster">User's address that gets mail for <c>postmaster</c> of all domains; null is nobody.</param>
    /// <param name="groups">Distribution groups; members without a domain are addresses in the first domain.</param>
    public AddressBook(
        IReadOnlyList<string> domains, IEnumerable<MailRecipient> recipients, string? postmaster = null, IReadOnlyList<DistributionGroup>? groups = null)
    {
        _domains = domains.Select(DomainKey).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
        var problems = new List<string>();
        var byAddress = new Dictionary<string, MailRecipient>(StringComparer.Ordinal);
        foreach (var recipient in recipients)
        {
            foreach (var address in recipient.Aliases.Prepend(recipient.Address))
            {
                if (KeyOf(address) is not { } key)
                {
                    problems.Add($"{address} of {recipient.Address} is no e-mail address");
                }
                else if (!byAddress.TryAdd(key, recipient) && byAddress[key] != recipient)
                {
                    problems.Add($"{address} belongs to {byAddress[key].Address} and to {recipient.Address}: the first one gets its mail");
                }
            }
        }

        AddPostmaster(byAddress, postmaster, problems);
        _byAddress = byAddress.ToFrozenDictionary(StringComparer.Ordinal);
        Groups = groups is { Count: > 0 } ? new MailGroups(groups, this, domains[0]) : MailGroups.None;
        Problems = [.. problems, .. Groups.Problems];
    }

    /// <summary>Nobody and no domain.</summary>
    public static AddressBook Empty { get; } = new([], []);

    /// <summary>Addresses that nobody can be reached by, or that two have.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Addresses that stand for several people.</summary>
    public MailGroups Groups { get; }

    /// <summary>True when mail of the domain ends here.</summary>
    public bool IsLocalDomain(string domain) => DomainKey(domain) is { } key && _domains.Contains(key);

    /// <summary>Who gets the mail of an address, or null. The domain is empty for <c>postmaster</c> alone.</summary>
    public MailRecipient? Find(string localPart, string domain)
    {
        if (DomainKey(domain) is not { } key)
        {
            return domain.Length == 0 ? _byAddress.GetValueOrDefault(localPart.ToLowerInvariant()) : null;
        }

        var local = localPart.ToLowerInvariant();
        if (_byAddress.TryGetValue(local + "@" + key, out var recipient))
        {
            return recipient;
        }

        var plus = local.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 ? _byAddress.GetValueOrDefault(local[..plus] + "@" + key) : null;
    }

    internal static string? KeyOf(string address)
    {
        var at = address.LastIndexOf('@');
        return at > 0 && DomainKey(address[(at + 1)..]) is { } domain ? address[..at].ToLowerInvariant() + "@" + domain : null;
    }

    private static string? DomainKey(string domain)
    {
        try
        {
            return domain.Length == 0 ? null : domain[0] == '[' ? domain.ToLowerInvariant() : s_idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // No domain at all: nobody lives there.
            return null;
        }
    }

    private void AddPostmaster(Dictionary<string, MailRecipient> byAddress, string? postmaster, List<string> problems)
    {
        if (postmaster is null)
        {
            return;
        }

        if (KeyOf(postmaster) is not { } key || !byAddress.TryGetValue(key, out var recipient))
        {
            problems.Add($"nobody has the postmaster's address {postmaster}");
            return;
        }

        byAddress.TryAdd("postmaster", recipient);
        foreach (var domain in _domains)
        {
            byAddress.TryAdd("postmaster@" + domain, recipient);
        }
    }
}
