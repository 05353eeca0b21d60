using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Reads <c>teamMailboxes</c>.</summary>
internal static class TeamMailboxReader
{
    private const int LongestName = 64;
    private const string Letters = "lrswipkxtea";

    /// <summary>All of them; mistakes are noted where they are.</summary>
    public static IReadOnlyList<TeamMailbox> Read(YamlSection root, IReadOnlyDictionary<string, DialPlan> dialPlans)
    {
        var all = new List<TeamMailbox>();
        foreach (var section in root.Sections("teamMailboxes"))
        {
            var team = ReadOne(section, dialPlans);
            if (all.Exists(other => other.Name.Equals(team.Name, StringComparison.OrdinalIgnoreCase)))
            {
                section.Report("name", $"\"{team.Name}\" is there already");
            }

            if (team.Extension.Length > 0 && all.Exists(other => other.Extension == team.Extension && other.DialPlan == team.DialPlan))
            {
                section.Report("extension", $"{team.Extension} is that of another team already");
            }

            all.Add(team);
        }

        return all;
    }

    private static TeamMailbox ReadOne(YamlSection section, IReadOnlyDictionary<string, DialPlan> dialPlans)
    {
        var name = section.RequiredText("name", LongestName);
        if (section.Has("name") && (name.Length == 0 || name.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '/')))
        {
            section.Report("name", "must have visible characters only, and no slash");
        }

        var plan = section.RequiredText("dialPlan");
        if (section.Has("dialPlan") && !dialPlans.ContainsKey(plan))
        {
            section.Report("dialPlan", $"there is no dial plan \"{plan}\"");
        }

        var extension = section.Text("extension", 20) ?? "";
        if (extension.Length > 0 && dialPlans.TryGetValue(plan, out var digits)
            && (extension.Length != digits.NumberOfDigitsInExtension || !extension.All(char.IsAsciiDigit)))
        {
            section.Report("extension", $"must have {digits.NumberOfDigitsInExtension} digits, as dial plan {digits.Name} has it");
        }

        var rights = section.Text("rights", 16) ?? TeamMailbox.UsualRights;
        if (rights.Length == 0 || rights.Any(static c => !Letters.Contains(c, StringComparison.Ordinal)))
        {
            section.Report("rights", $"must be letters of {Letters}");
        }

        return new TeamMailbox
        {
            Name = name, DisplayName = section.Text("displayName", 256) ?? name, DialPlan = plan, Extension = extension,
            Members = section.Texts("members", 128), Rights = rights,
        };
    }
}
