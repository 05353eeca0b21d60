using System.Collections.Frozen;

namespace Postbell.Directory;

/// <summary>Organization and people at one moment, indexed for calls. Immutable; a running call keeps the one it began with.</summary>
public sealed class DirectorySnapshot
{
    private readonly FrozenDictionary<(string Plan, string Number), Person> _byNumber;
    private readonly FrozenDictionary<string, Person> _byCallingLine;
    private readonly FrozenDictionary<long, Person> _byAccount;

    /// <summary>Indexes the people. What is wrong with somebody keeps nobody else from being reached; see <see cref="Problems"/>.</summary>
    public DirectorySnapshot(Organization organization, IReadOnlyList<Person> people)
    {
        Organization = organization;
        People = people;
        var index = new PersonIndex(organization);
        foreach (var person in people)
        {
            index.Add(person);
        }

        _byNumber = index.ByNumber.ToFrozenDictionary();
        _byCallingLine = index.ByCallingLine.ToFrozenDictionary();
        _byAccount = people.DistinctBy(p => p.AccountId).ToFrozenDictionary(p => p.AccountId);
        Problems = index.Problems;
    }

    /// <summary>The organization.</summary>
    public Organization Organization { get; }

    /// <summary>Everybody, also those who cannot be called.</summary>
    public IReadOnlyList<Person> People { get; }

    /// <summary>What was found wrong with people.</summary>
    public IReadOnlyList<PersonProblem> Problems { get; }

    /// <summary>The person of a mailbox account, or null.</summary>
    public Person? FindByAccount(long accountId) => _byAccount.GetValueOrDefault(accountId);

    /// <summary>
    /// Who has a number or address in a dial plan. <paramref name="number"/> is an extension, an E.164 number, a SIP address or a whole
    /// <c>tel:</c> or <c>sip:</c> URI; what is accepted depends on the dial plan's <see cref="UriType"/> and its numbering plan formats.
    /// </summary>
    public PersonLookup FindPerson(string dialPlan, string number)
    {
        if (Organization.FindDialPlan(dialPlan) is not { } plan)
        {
            return new PersonLookup(LookupOutcome.UnknownDialPlan, null);
        }

        var outcome = LookupOutcome.Malformed;
        foreach (var key in DialPlanNumbers.Candidates(plan, DialedAddress.Parse(number)))
        {
            if (_byNumber.TryGetValue((plan.Name, key), out var person))
            {
                return new PersonLookup(LookupOutcome.Found, person);
            }

            outcome = LookupOutcome.NotProvisioned;
        }

        return new PersonLookup(outcome, null);
    }

    /// <summary>Who is calling: a person of the called person's dial plan by number, else anybody by a calling line id; null when unknown.</summary>
    public Person? FindCaller(string dialPlan, string? number)
    {
        if (string.IsNullOrEmpty(number))
        {
            return null;
        }

        return FindPerson(dialPlan, number).Person
            ?? (DialedAddress.Parse(number).Number is { } digits ? _byCallingLine.GetValueOrDefault(digits.TrimStart('+')) : null);
    }

    /// <summary>The policy that applies to a person: the named one when it belongs to the dial plan, else the dial plan's first.</summary>
    public MailboxPolicy? PolicyOf(Person person) =>
        PersonIndex.NamedPolicy(Organization, person) ?? Organization.DefaultPolicyOf(person.DialPlan);
}
