namespace Postbell.Media.Srtp;

/// <summary>What of SRTP this machine has.</summary>
public static class SrtpSupport
{
    private static readonly Lazy<SrtpSuite[]> s_suites = new(static () => SrtpLibrary.IsAvailable ? [.. Enum.GetValues<SrtpSuite>().Where(Has)] : []);

    /// <summary>File name of the library.</summary>
    public const string Library = SrtpLibrary.Name;

    /// <summary>Suites that can be used, the strongest first; none without the library.</summary>
    public static IReadOnlyList<SrtpSuite> Suites => s_suites.Value;

    /// <summary>True when calls can be encrypted.</summary>
    public static bool IsAvailable => Suites.Count > 0;

    private static bool Has(SrtpSuite suite)
    {
        using var context = SrtpContext.Create(SrtpKey.Random(suite), inbound: false);
        return !context.IsInvalid;
    }
}
