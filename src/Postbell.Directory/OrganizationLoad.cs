using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Result of reading an organization.</summary>
/// <param name="Organization">What was read; null when there are errors.</param>
/// <param name="Errors">Everything wrong, in the order of lines.</param>
public sealed record OrganizationLoad(Organization? Organization, IReadOnlyList<ConfigurationError> Errors);
