namespace Postbell.Directory;

/// <summary>Rules for the names of dial plans, gateways, hunt groups and policies.</summary>
public static class ObjectName
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxLength = 64;

    private const string Forbidden = "\"/\\[]:;|=,+*?<>";

    /// <summary>What is wrong with a name, to follow the key in a message; null when it is good.</summary>
    public static string? Problem(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return $"must have 1 to {MaxLength} characters";
        }

        if (name.AsSpan().Trim().Length != name.Length)
        {
            return "must not begin or end with a blank";
        }

        foreach (var c in name)
        {
            if (Forbidden.Contains(c, StringComparison.Ordinal) || char.IsControl(c))
            {
                return $"must not contain {(char.IsControl(c) ? "control characters" : c.ToString())}; none of {Forbidden} is allowed";
            }
        }

        return null;
    }
}
