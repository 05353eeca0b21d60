namespace Postbell.Directory;

/// <summary>Result of a search for a person by number.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Person">Who was found; null unless <see cref="LookupOutcome.Found"/>.</param>
public readonly record struct PersonLookup(LookupOutcome Outcome, Person? Person);
