using System.Reflection;

namespace Postbell.Server.Hosting;

/// <summary>Which Postbell this is.</summary>
internal static class ProductVersion
{
    /// <summary>Version as built, for instance 0.1.0, without the commit.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
