namespace Postbell.Server.Diagnosis;

/// <summary>How serious a finding is.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, but somebody should know.</summary>
    Note,

    /// <summary>Something does not work.</summary>
    Bad,
}

/// <summary>One thing that was looked at.</summary>
internal sealed record Finding(string Name, FindingState State, string Detail);
