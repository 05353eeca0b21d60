using Postbell.Directory;
using Postbell.Directory.Yaml;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>smtp.outbound</c>.</summary>
internal static class SmtpOutboundSection
{
    /// <summary>The settings; null without the section.</summary>
    public static SmtpOutbound? Read(YamlSection? section, string folder) => section is null ? null : new SmtpOutbound
    {
        Routes = [OutboundRouteSection.Read(section, folder, []), .. OutboundRouteSection.ReadAll(section, folder)],
        HostName = section.Text("hostName", 253),
        Sender = section.Text("sender", 254),
        GiveUpAfter = section.Duration("giveUpAfter", TimeSpan.FromDays(5), TimeSpan.FromHours(1), TimeSpan.FromDays(30)),
        WarnAfter = section.Duration("warnAfter", TimeSpan.FromHours(4), TimeSpan.FromMinutes(5), TimeSpan.FromDays(5)),
    };

    /// <summary>A policy that hands messages to the mail system needs a way there.</summary>
    public static void Check(YamlSection root, SmtpOutbound? outbound, Organization organization)
    {
        if (outbound is null && organization.MailboxPolicies.FirstOrDefault(static p => p.Delivery == DeliveryMode.Unified) is { } policy)
        {
            root.Report($"mailbox policy \"{policy.Name}\" has delivery: Unified, but there is no smtp.outbound to hand its messages to");
        }
    }
}
