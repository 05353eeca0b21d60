namespace Postbell.Directory;

/// <summary>Collects the keys under which people are found, and what is wrong with them.</summary>
internal sealed class PersonIndex(Organization organization)
{
    public Dictionary<(string Plan, string Number), Person> ByNumber { get; } = [];

    public Dictionary<string, Person> ByCallingLine { get; } = [];

    public List<PersonProblem> Problems { get; } = [];

    public static MailboxPolicy? NamedPolicy(Organization organization, Person person) =>
        person.Policy is { } name && organization.FindPolicy(name) is { } policy && policy.DialPlan.Equals(person.DialPlan, StringComparison.OrdinalIgnoreCase)
            ? policy
            : null;

    public void Add(Person person)
    {
        if (organization.FindDialPlan(person.DialPlan) is not { } plan)
        {
            Problems.Add(new PersonProblem(person, PersonProblemReason.UnknownDialPlan, person.DialPlan));
            return;
        }

        if (person.Policy is { } policy && NamedPolicy(organization, person) is null)
        {
            Problems.Add(new PersonProblem(person, PersonProblemReason.UnknownPolicy, policy));
        }

        foreach (var extension in person.SecondaryExtensions.Prepend(person.Extension))
        {
            AddNumber(plan, person, extension, DialPlanNumbers.IsExtension(plan, extension) ? extension : null);
        }

        if (person.SipResourceIdentifier is { } identifier)
        {
            AddNumber(plan, person, identifier, DialPlanNumbers.ResourceKey(plan, identifier));
        }

        foreach (var line in person.CallingLineIds)
        {
            AddCallingLine(person, line);
        }
    }

    private void AddNumber(DialPlan plan, Person person, string written, string? key)
    {
        if (key is null)
        {
            Problems.Add(new PersonProblem(person, PersonProblemReason.MalformedNumber, written));
        }
        else if (!ByNumber.TryAdd((plan.Name, key), person))
        {
            Problems.Add(new PersonProblem(person, PersonProblemReason.DuplicateNumber, written));
        }
    }

    private void AddCallingLine(Person person, string line)
    {
        if (DialedAddress.Parse(line).Number is not { } number)
        {
            Problems.Add(new PersonProblem(person, PersonProblemReason.MalformedNumber, line));
        }
        else if (!ByCallingLine.TryAdd(number.TrimStart('+'), person))
        {
            Problems.Add(new PersonProblem(person, PersonProblemReason.DuplicateNumber, line));
        }
    }
}
