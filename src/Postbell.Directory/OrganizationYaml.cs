using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>The organization as YAML: <c>dialPlans</c>, <c>gateways</c>, <c>huntGroups</c>, <c>mailboxPolicies</c> and <c>teamMailboxes</c>, each a list.</summary>
public static class OrganizationYaml
{
    /// <summary>Reads and checks a file of its own. Never throws on what the file says.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">Its name, for errors.</param>
    /// <param name="folder">Folder that relative paths of password files are taken from; null is the current one.</param>
    public static OrganizationLoad Load(string yaml, string fileName, string? folder = null)
    {
        var document = YamlDocument.Parse(yaml, fileName);
        var organization = Read(document.Root, folder);
        var errors = document.Finish();
        return new OrganizationLoad(errors.Count == 0 ? organization : null, errors);
    }

    /// <summary>Reads the organization from a section of a larger file; what is wrong is noted in its document. Null after errors in references or names.</summary>
    /// <param name="section">The section.</param>
    /// <param name="folder">Folder that relative paths of password files are taken from; null is the current one.</param>
    public static Organization? Read(YamlSection section, string? folder = null) =>
        new OrganizationReader(section, folder ?? System.IO.Directory.GetCurrentDirectory()).Read();

    /// <summary>Writes every setting, so that reading gives the same organization. A password that stands in the configuration itself is written too.</summary>
    public static string Write(Organization organization) => OrganizationWriter.Write(organization);
}
