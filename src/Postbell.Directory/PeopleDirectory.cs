namespace Postbell.Directory;

/// <summary>
/// Holds the current <see cref="DirectorySnapshot"/>. Readers take it without waiting; a change of organization or people replaces it whole.
/// Safe from any thread.
/// </summary>
public sealed class PeopleDirectory
{
    private readonly Lock _writers = new();
    private volatile DirectorySnapshot _current;

    /// <summary>Begins with an organization and the people known so far.</summary>
    public PeopleDirectory(Organization organization, IReadOnlyList<Person> people) => _current = new DirectorySnapshot(organization, people);

    /// <summary>Organization and people as of now.</summary>
    public DirectorySnapshot Current => _current;

    /// <summary>Takes a new organization; the people stay.</summary>
    /// <returns>The new snapshot, to look at its <see cref="DirectorySnapshot.Problems"/>.</returns>
    public DirectorySnapshot Replace(Organization organization)
    {
        lock (_writers)
        {
            return _current = new DirectorySnapshot(organization, _current.People);
        }
    }

    /// <summary>Changes the organization as it is at that moment; the people stay.</summary>
    public void Change(Func<Organization, Organization> change)
    {
        lock (_writers)
        {
            _current = new DirectorySnapshot(change(_current.Organization), _current.People);
        }
    }

    /// <summary>Takes the people as they are now; the organization stays.</summary>
    /// <returns>The new snapshot, to look at its <see cref="DirectorySnapshot.Problems"/>.</returns>
    public DirectorySnapshot Replace(IReadOnlyList<Person> people)
    {
        lock (_writers)
        {
            return _current = new DirectorySnapshot(_current.Organization, people);
        }
    }
}
