namespace Postbell.Directory;

/// <summary>Why a person cannot be reached as configured.</summary>
/// <param name="Person">Whom it is about.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Detail">The number or name it is about.</param>
public sealed record PersonProblem(Person Person, PersonProblemReason Reason, string Detail);
