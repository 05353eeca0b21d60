using Postbell.Directory.Yaml;
using Postbell.SignIn;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>signIn</c>.</summary>
internal static class SignInSection
{
    /// <summary>The limits; the usual ones without the section.</summary>
    public static SignInLimits Read(YamlSection? section)
    {
        var usual = new SignInLimits();
        if (section is null)
        {
            return usual;
        }

        var limits = new SignInLimits
        {
            FailuresPerSource = section.Integer("failuresPerSource", usual.FailuresPerSource, 3, 100_000),
            SourceLockTime = section.Duration("sourceLockTime", usual.SourceLockTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            LongestSourceLock = section.Duration("longestSourceLock", usual.LongestSourceLock, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
            LongestDelay = section.Duration("longestDelay", usual.LongestDelay, TimeSpan.Zero, TimeSpan.FromSeconds(25)),
            NetworkKnownFor = section.Duration("networkKnownFor", usual.NetworkKnownFor, TimeSpan.Zero, TimeSpan.FromDays(366)),
            SharedSources = SmtpSection.Networks(section, "sharedSources", usual.SharedSources),
        };
        if (limits.LongestSourceLock < limits.SourceLockTime)
        {
            section.Report("longestSourceLock", "must not be shorter than sourceLockTime");
        }

        return limits;
    }
}
