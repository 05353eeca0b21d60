using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Reads and writes <c>retentionRules</c> of a mailbox policy.</summary>
internal static class RetentionRulesKey
{
    private const string Never = "never";
    private const int Most = 50;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(36_500);

    public static IReadOnlyList<PolicyRetentionRule> Read(YamlSection policy)
    {
        if (!policy.Has("retentionRules"))
        {
            return [];
        }

        var rules = policy.Sections("retentionRules").Select(Rule).ToList();
        if (rules.Count > Most)
        {
            policy.Report("retentionRules", $"has more than {Most} rules");
        }

        return rules;
    }

    public static string Write(PolicyRetentionRule rule, Func<string, string> quote) =>
        $"{{ {(rule.Folder is { } folder ? $"folder: {quote(folder)}, " : "")}class: {rule.Class}, age: {(rule.Age is { } age ? DurationText.Format(age) : Never)} }}";

    private static PolicyRetentionRule Rule(YamlSection section)
    {
        var age = section.RequiredText("age", 64);
        return new PolicyRetentionRule(
            section.Text("folder", 1000), section.Choice("class", MessageClass.Any),
            age == Never ? null : section.Duration("age", TimeSpan.FromDays(30), TimeSpan.FromHours(1), s_longest));
    }
}
