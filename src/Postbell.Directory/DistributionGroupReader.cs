using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Reads the section <c>distributionGroups</c>. Whether members are there is known only when people are: see <see cref="MailGroups"/>.</summary>
internal static class DistributionGroupReader
{
    private const int LongestAddress = 254;

    public static IReadOnlyList<DistributionGroup> Read(YamlSection root)
    {
        var groups = new List<DistributionGroup>();
        foreach (var section in root.Sections("distributionGroups"))
        {
            var group = ReadGroup(section);
            if (groups.Exists(g => g.Name.Equals(group.Name, StringComparison.OrdinalIgnoreCase)))
            {
                section.Report("name", $"\"{group.Name}\" is there twice");
            }
            else if (groups.Find(g => g.Address.Equals(group.Address, StringComparison.OrdinalIgnoreCase)) is { } other)
            {
                section.Report("address", $"is the address of group \"{other.Name}\" already");
            }

            groups.Add(group);
        }

        return groups;
    }

    private static DistributionGroup ReadGroup(YamlSection section)
    {
        var group = new DistributionGroup
        {
            Name = OrganizationReader.ReadName(section),
            Address = section.RequiredText("address"),
            Members = section.Texts("members", LongestAddress),
            AcceptFrom = section.Choice("acceptFrom", GroupSenders.People),
        };
        if (group.Address.Length > 0 && (group.Address.Length > LongestAddress || AddressBook.KeyOf(group.Address) is null))
        {
            section.Report("address", $"must be an e-mail address, not \"{group.Address}\"");
        }

        if (section.Has("address") && group.Members.Count == 0)
        {
            section.Report("members", "must name somebody: extensions, user names, e-mail addresses or other groups");
        }

        if (group.Members.Count > DistributionGroup.MaxMembers)
        {
            section.Report("members", $"must not be more than {DistributionGroup.MaxMembers}; put some into groups of their own");
        }

        return group;
    }
}
