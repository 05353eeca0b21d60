using System.Net;
using System.Net.Sockets;
using Postbell.Directory.Yaml;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>smtp</c>.</summary>
internal static class SmtpSection
{
    /// <summary>The doors; null without the section.</summary>
    public static SmtpDoors? Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return null;
        }

        var otherwise = new SmtpDoors();
        return new SmtpDoors
        {
            Lmtp = ConfigurationFile.EndPoints(section, "listenLmtp", 24, otherwise.Lmtp),
            LmtpSocket = section.Text("lmtpSocket", 100) is { } path ? Path.GetFullPath(path, folder) : null,
            Intake = ConfigurationFile.EndPoints(section, "listen", 25, otherwise.Intake),
            Submission = ConfigurationFile.EndPoints(section, "submission", 587, otherwise.Submission),
            SubmissionTls = ConfigurationFile.EndPoints(section, "submissions", 465, otherwise.SubmissionTls),
            TrustedPeers = Networks(section, "trustedPeers", otherwise.TrustedPeers),
            Domains = section.Texts("domains", 253),
            Postmaster = section.Text("postmaster", 320),
            Aliases = Aliases(section),
            MaxMessageMegabytes = section.Integer("maxMessageMegabytes", otherwise.MaxMessageMegabytes, 1, 60),
        };
    }

    private static List<MailAliases> Aliases(YamlSection section)
    {
        var (all, owners) = (new List<MailAliases>(), new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        foreach (var one in section.Sections("aliases"))
        {
            var aliases = new MailAliases(one.RequiredText("user", 256), one.Texts("addresses", 320));
            foreach (var address in aliases.Addresses)
            {
                if (address.IndexOf('@', StringComparison.Ordinal) is var at && (at <= 0 || at == address.Length - 1))
                {
                    one.Report("addresses", $"must have e-mail addresses, not \"{address}\"");
                }
                else if (!owners.TryAdd(address, aliases.User))
                {
                    one.Report("addresses", $"has {address}, which {owners[address]} has already");
                }
            }

            all.Add(aliases);
        }

        return all;
    }

    /// <summary>Addresses and ranges of a key.</summary>
    public static IReadOnlyList<IPNetwork> Networks(YamlSection section, string key, IReadOnlyList<IPNetwork> otherwise)
    {
        if (!section.Has(key))
        {
            return otherwise;
        }

        var peers = new List<IPNetwork>();
        foreach (var text in section.Texts(key, 64))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                peers.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                peers.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            }
            else
            {
                section.Report(key, $"must have addresses or ranges such as 192.0.2.0/28 (no bits set behind the prefix), not \"{text}\"");
            }
        }

        return peers;
    }
}
