using System.Collections.Frozen;

namespace Postbell.Directory;

/// <summary>The distribution groups of an organization with their members found. Immutable. Groups may hold each other, also in circles.</summary>
public sealed class MailGroups
{
    private readonly FrozenDictionary<string, MailGroup> _byAddress;

    /// <summary>Finds the members. What is wrong with a member keeps no other from getting mail; see <see cref="Problems"/>.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="people">Who has which address.</param>
    /// <param name="domain">Domain of members named without one: extensions and user names are addresses in it.</param>
    public MailGroups(IReadOnlyList<DistributionGroup> groups, AddressBook people, string domain)
    {
        var problems = new List<string>();
        var byName = new Dictionary<string, DistributionGroup>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in groups)
        {
            byName.TryAdd(group.Name, group);
        }

        foreach (var group in groups)
        {
            byName.TryAdd(group.Address, group);
        }

        var byAddress = new Dictionary<string, MailGroup>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var members = new Expansion(byName, people, domain, problems).Of(group);
            if (AddressBook.KeyOf(group.Address) is not { } key)
            {
                problems.Add($"{group.Address} of group \"{group.Name}\" is no e-mail address");
            }
            else if (Find(people, group.Address) is { } person)
            {
                problems.Add($"{group.Address} of group \"{group.Name}\" is an address of {person.Address}, who gets its mail");
            }
            else
            {
                byAddress.TryAdd(key, new MailGroup(group.Name, group.Address, members, group.AcceptFrom));
            }
        }

        _byAddress = byAddress.ToFrozenDictionary(StringComparer.Ordinal);
        Problems = [.. problems.Distinct()];
    }

    private MailGroups()
    {
        _byAddress = FrozenDictionary<string, MailGroup>.Empty;
        Problems = [];
    }

    /// <summary>No group.</summary>
    public static MailGroups None { get; } = new();

    /// <summary>Members that nobody is, and addresses that cannot be had.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The group of an address, or null.</summary>
    public MailGroup? Find(string localPart, string domain) =>
        AddressBook.KeyOf($"{localPart}@{domain}") is { } key ? _byAddress.GetValueOrDefault(key) : null;

    private static MailRecipient? Find(AddressBook people, string address)
    {
        var at = address.LastIndexOf('@');
        return at > 0 ? people.Find(address[..at], address[(at + 1)..]) : null;
    }

    /// <summary>Walks one group and those in it, each once.</summary>
    private sealed class Expansion(Dictionary<string, DistributionGroup> groups, AddressBook people, string domain, List<string> problems)
    {
        private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<long, MailRecipient> _members = [];

        public IReadOnlyList<MailRecipient> Of(DistributionGroup group)
        {
            var waiting = new Queue<DistributionGroup>([group]);
            _seen.Add(group.Name);
            while (waiting.TryDequeue(out var next))
            {
                foreach (var member in next.Members)
                {
                    if (Find(people, member.Contains('@', StringComparison.Ordinal) ? member : $"{member}@{domain}") is { } person)
                    {
                        _members.TryAdd(person.AccountId, person);
                    }
                    else if (groups.TryGetValue(member, out var inner))
                    {
                        if (_seen.Add(inner.Name))
                        {
                            waiting.Enqueue(inner);
                        }
                    }
                    else
                    {
                        problems.Add($"member {member} of group \"{next.Name}\" is nobody of this server and no group");
                    }
                }
            }

            return [.. _members.Values];
        }
    }
}
