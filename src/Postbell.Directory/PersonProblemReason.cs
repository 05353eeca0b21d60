namespace Postbell.Directory;

/// <summary>What is wrong with a person's numbers or references.</summary>
public enum PersonProblemReason
{
    /// <summary>The dial plan does not exist; the person cannot be called.</summary>
    UnknownDialPlan,

    /// <summary>The policy does not exist or belongs to another dial plan; the dial plan's first policy is used.</summary>
    UnknownPolicy,

    /// <summary>An extension does not have the dial plan's number of digits, or an address not its form; it is left out.</summary>
    MalformedNumber,

    /// <summary>Somebody earlier in the list has the number; it is left out here.</summary>
    DuplicateNumber,
}
