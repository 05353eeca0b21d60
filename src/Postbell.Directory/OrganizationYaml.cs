using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>The organization as YAML: <c>dialPlans</c>, <c>gateways</c>, <c>huntGroups</c> and <c>mailboxPolicies</c>, each a list.</summary>
public static class OrganizationYaml
{
    /// <summary>Reads and checks a file of its own. Never throws on what the file says.</summary>
    public static OrganizationLoad Load(string yaml, string fileName)
    {
        var document = YamlDocument.Parse(yaml, fileName);
        var organization = Read(document.Root);
        var errors = document.Finish();
        return new OrganizationLoad(errors.Count == 0 ? organization : null, errors);
    }

    /// <summary>Reads the organization from a section of a larger file; what is wrong is noted in its document. Null after errors in references or names.</summary>
    public static Organization? Read(YamlSection section) => new OrganizationReader(section).Read();

    /// <summary>Writes every setting, so that reading gives the same organization.</summary>
    public static string Write(Organization organization) => OrganizationWriter.Write(organization);
}
