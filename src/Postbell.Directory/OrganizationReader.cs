using System.Net;
using Postbell.Core;
using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Reads the objects of an organization and checks names, ranges and references.</summary>
internal sealed class OrganizationReader(YamlSection root, string folder)
{
    private const string DefaultHuntGroupName = "Default";

    // "<name> Default Policy" must be a name too.
    private const int LongestNameWithDefaultPolicy = 49;

    private const long SmallestQuota = 1L << 20;
    private const long LargestQuota = 1L << 50;

    private readonly Dictionary<string, DialPlan> _dialPlans = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Gateway> _gateways = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, MailboxPolicy> _policies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Gateway, string Name), HuntGroup> _huntGroups = [];
    private bool _sound = true;

    public Organization? Read()
    {
        var plans = root.Sections("dialPlans");
        foreach (var section in plans)
        {
            Keep(section, _dialPlans, ReadDialPlan(section), p => p.Name);
        }

        foreach (var section in root.Sections("gateways"))
        {
            ReadGateway(section);
        }

        foreach (var section in root.Sections("huntGroups"))
        {
            ReadHuntGroup(section);
        }

        foreach (var section in root.Sections("mailboxPolicies"))
        {
            ReadPolicy(section);
        }

        var teams = TeamMailboxReader.Read(root, _dialPlans);
        CheckDefaultPolicies(plans);
        var groups = DistributionGroupReader.Read(root);
        return _sound
            ? new Organization([.. _dialPlans.Values], [.. _gateways.Values], [.. _huntGroups.Values], [.. _policies.Values]) { TeamMailboxes = teams, DistributionGroups = groups }
            : null;
    }

    private DialPlan ReadDialPlan(YamlSection section)
    {
        var defaults = new DialPlan { Name = "", NumberOfDigitsInExtension = 1 };
        var plan = new DialPlan
        {
            Name = ReadName(section),
            NumberOfDigitsInExtension = section.RequiredInteger("numberOfDigitsInExtension", 1, 20),
            UriType = section.Choice("uriType", defaults.UriType),
            VoipSecurity = section.Choice("voipSecurity", defaults.VoipSecurity),
            DefaultLanguage = section.Text("defaultLanguage", 35) ?? defaults.DefaultLanguage,
            TimeZone = ReadTimeZone(section),
            AudioCodec = section.Choice("audioCodec", defaults.AudioCodec),
            LevelRecordings = section.Flag("levelRecordings", defaults.LevelRecordings),
            TrimSilence = section.Flag("trimSilence", defaults.TrimSilence),
            MaxCallDuration = Minutes(section, "maxCallDuration", defaults.MaxCallDuration, 10, 120),
            MaxRecordingDuration = Minutes(section, "maxRecordingDuration", defaults.MaxRecordingDuration, 1, 100),
            RecordingIdleTimeout = section.Duration("recordingIdleTimeout", defaults.RecordingIdleTimeout, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)),
            InputFailuresBeforeDisconnect = section.Integer("inputFailuresBeforeDisconnect", defaults.InputFailuresBeforeDisconnect, 1, 20),
            NumberingPlanFormats = section.Texts("numberingPlanFormats", 32),
        };
        if (plan.MaxRecordingDuration >= plan.MaxCallDuration)
        {
            section.Report("maxRecordingDuration", "must be shorter than maxCallDuration");
        }

        foreach (var mask in plan.NumberingPlanFormats.Where(m => !NumberMask.IsValid(m)))
        {
            section.Report("numberingPlanFormats", $"must be masks of digits and x, not \"{mask}\"");
        }

        return plan;
    }

    private void ReadGateway(YamlSection section)
    {
        var defaults = new Gateway { Name = "", Address = GatewayAddress.Loopback };
        var name = ReadName(section);
        var address = ReadAddress(section);
        var transport = section.Choice("transport", address.HostName is null ? defaults.Transport : GatewayTransport.Tls);
        var gateway = new Gateway
        {
            Name = name,
            Address = address,
            Port = section.Integer("port", transport == GatewayTransport.Tls ? 5061 : defaults.Port, 1, 65535),
            HasUsualPort = !section.Has("port"),
            Transport = transport,
            Status = section.Choice("status", defaults.Status),
            MessageWaitingIndicatorAllowed = section.Flag("messageWaitingIndicatorAllowed", defaults.MessageWaitingIndicatorAllowed),
            OutcallsAllowed = section.Flag("outcallsAllowed", defaults.OutcallsAllowed),
            Symmetric = section.Flag("symmetric", defaults.Symmetric),
            Codecs = VoiceCodecsKey.Read(section, "codecs"),
            Dtmf = section.Choice("dtmf", defaults.Dtmf),
            MediaSecurity = section.Choice("mediaSecurity", defaults.MediaSecurity),
            AllowSdesOverClear = section.Flag("allowSdesOverClear", defaults.AllowSdesOverClear),
            NotifyAddress = ReadNotifyAddress(section),
            Digest = GatewayDigestReader.Read(section, folder),
        };
        CheckDigest(section, gateway);
        if (!gateway.Address.IsAny && _gateways.Values.FirstOrDefault(g => g.Address.Equals(gateway.Address)) is { } other)
        {
            section.Report("address", $"is the address of gateway \"{other.Name}\" already");
        }

        if (gateway.MessageWaitingIndicatorAllowed && gateway.NotifyEndPoint is null && !gateway.IsLookedUp)
        {
            section.Report("address", $"is {(address.IsAny ? "any" : "a range")}: give notifyAddress for the lamps, or set messageWaitingIndicatorAllowed: false");
        }

        if (Keep(section, _gateways, gateway, g => g.Name) && section.Has("dialPlan") && FindDialPlan(section) is { } plan)
        {
            CheckSecurity(section, gateway, plan);
            // The short form for one gateway and one dial plan: a default hunt group comes with the gateway.
            _huntGroups.Add(KeyOf(gateway.Name, DefaultHuntGroupName), new HuntGroup { Name = DefaultHuntGroupName, Gateway = gateway.Name, DialPlan = plan.Name });
        }
    }

    private void ReadHuntGroup(YamlSection section)
    {
        var name = ReadName(section);
        var plan = FindDialPlan(section);
        var gateway = Find(section, "gateway", _gateways);
        var pilots = section.Texts("pilotIdentifiers", DialedAddress.MaxLength);
        if (plan is null || gateway is null)
        {
            return;
        }

        CheckSecurity(section, gateway, plan);
        var group = new HuntGroup { Name = name, Gateway = gateway.Name, DialPlan = plan.Name, PilotIdentifiers = pilots };
        foreach (var other in _huntGroups.Values.Where(h => h.Gateway == gateway.Name))
        {
            if (group.IsDefault && other.IsDefault)
            {
                section.Report($"gateway \"{gateway.Name}\" has the default hunt group \"{other.Name}\" already; give pilotIdentifiers");
            }

            foreach (var pilot in pilots.Where(p => other.PilotIdentifiers.Any(o => DialedAddress.Parse(o).Names(DialedAddress.Parse(p)))))
            {
                section.Report("pilotIdentifiers", $"\"{pilot}\" belongs to hunt group \"{other.Name}\" already");
            }
        }

        if (!_huntGroups.TryAdd(KeyOf(gateway.Name, name), group))
        {
            Unsound(section, "name", $"\"{name}\" is there twice for gateway \"{gateway.Name}\"");
        }
    }

    private void CheckDigest(YamlSection section, Gateway gateway)
    {
        if (!gateway.Address.IsAny)
        {
            return;
        }

        if (gateway.Digest is not { Challenge: true } digest)
        {
            Unsound(section, "address", "is any: the gateway is known by its credentials alone, so give digest (with challenge, which is the default)");
        }
        else if (_gateways.Values.FirstOrDefault(g => g.Address.IsAny && g.Digest?.User == digest.User) is { } other)
        {
            Unsound(section, "digest", $"has the user of gateway \"{other.Name}\": gateways that come from anywhere are told apart by their users");
        }
    }

    private static void CheckSecurity(YamlSection section, Gateway gateway, DialPlan plan)
    {
        if (plan.VoipSecurity.DemandsCertificate() && !gateway.IsKnownByCertificate)
        {
            section.Report("dialPlan", $"\"{plan.Name}\" is {plan.VoipSecurity}: gateway \"{gateway.Name}\" must have a host name as its address and transport Tls, so that its certificate proves it");
        }
        else if (plan.VoipSecurity == VoipSecurity.Secured && gateway.MediaSecurity == MediaSecurity.Forbidden)
        {
            section.Report("dialPlan", $"\"{plan.Name}\" is Secured, but mediaSecurity of gateway \"{gateway.Name}\" is Forbidden");
        }
        else if (plan.VoipSecurity == VoipSecurity.Unsecured && gateway.IsKnownByCertificate)
        {
            section.Report("dialPlan", $"\"{plan.Name}\" is Unsecured and takes no calls over TLS, but gateway \"{gateway.Name}\" is known by its certificate alone; give the dial plan another voipSecurity, or the gateway transport: Udp or Tcp to know it by the addresses of its name");
        }
    }

    private void ReadPolicy(YamlSection section)
    {
        var defaults = new MailboxPolicy { Name = "", DialPlan = "" };
        var policy = new MailboxPolicy
        {
            Name = ReadName(section),
            DialPlan = FindDialPlan(section)?.Name ?? "",
            MaxGreetingDuration = Minutes(section, "maxGreetingDuration", defaults.MaxGreetingDuration, 1, 10),
            AllowMissedCallNotifications = section.Flag("allowMissedCallNotifications", defaults.AllowMissedCallNotifications),
            AllowMessageWaitingIndicator = section.Flag("allowMessageWaitingIndicator", defaults.AllowMessageWaitingIndicator),
            AllowTextMessages = section.Flag("allowTextMessages", defaults.AllowTextMessages),
            ProtectUnauthenticatedVoiceMail = section.Choice("protectUnauthenticatedVoiceMail", defaults.ProtectUnauthenticatedVoiceMail),
            Delivery = ReadDelivery(section, defaults.Delivery),
            RequireOwnFrom = section.Flag("requireOwnFrom", defaults.RequireOwnFrom),
            VoiceMailText = section.Text("voiceMailText", 512),
            IssueWarningQuota = section.Size("issueWarningQuota", SmallestQuota, LargestQuota),
            ProhibitSendReceiveQuota = section.Size("prohibitSendReceiveQuota", SmallestQuota, LargestQuota),
            DeletedItemRetention = section.Duration("deletedItemRetention", defaults.DeletedItemRetention, TimeSpan.Zero, TimeSpan.FromDays(24_855)),
            RetentionRules = RetentionRulesKey.Read(section),
            MessageCountQuota = section.Has("messageCountQuota") ? section.Integer("messageCountQuota", 1, 1, 100_000_000) : null,
            PasswordFailuresBeforeLock = section.Integer("passwordFailuresBeforeLock", defaults.PasswordFailuresBeforeLock, 5, 100_000),
            PasswordLockTime = section.Duration("passwordLockTime", defaults.PasswordLockTime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)),
        };
        if (policy.IssueWarningQuota > policy.ProhibitSendReceiveQuota)
        {
            section.Report("issueWarningQuota", "must not be above prohibitSendReceiveQuota");
        }

        Keep(section, _policies, policy, p => p.Name);
    }

    private static DeliveryMode ReadDelivery(YamlSection section, DeliveryMode @default)
    {
        if (!"Both".Equals(section.Text("delivery"), StringComparison.OrdinalIgnoreCase))
        {
            return section.Choice("delivery", @default);
        }

        section.Report("delivery", "Both (here and in the mail system, kept in step) is not there yet: Integrated keeps messages here, Unified in the mail system");
        return @default;
    }

    private void CheckDefaultPolicies(IReadOnlyList<YamlSection> plans)
    {
        foreach (var section in plans)
        {
            var name = section.Text("name") ?? "";
            if (_policies.Values.Any(p => p.DialPlan.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (name.Length > LongestNameWithDefaultPolicy)
            {
                section.Report("name", $"is longer than {LongestNameWithDefaultPolicy} characters and no mailbox policy names it: \"{MailboxPolicy.DefaultName(name)}\" is too long");
            }
            else if (_policies.ContainsKey(MailboxPolicy.DefaultName(name)))
            {
                Unsound(section, "name", $"needs the policy \"{MailboxPolicy.DefaultName(name)}\", but that belongs to another dial plan");
            }
        }
    }

    internal static string ReadName(YamlSection section)
    {
        var name = section.RequiredText("name");
        if (section.Has("name") && ObjectName.Problem(name) is { } problem)
        {
            section.Report("name", problem);
        }

        return name;
    }

    private GatewayAddress ReadAddress(YamlSection section)
    {
        var text = section.RequiredText("address");
        if (GatewayAddress.TryParse(text, out var address))
        {
            return address;
        }

        if (text.Length > 0)
        {
            section.Report("address", $"must be an IP address, a range such as 192.0.2.0/24, a host name with its domain, any, or loopback, not \"{text}\"");
        }

        _sound = false;
        return GatewayAddress.Loopback;
    }

    private static IPAddress? ReadNotifyAddress(YamlSection section)
    {
        if (section.Text("notifyAddress") is not { } text)
        {
            return null;
        }

        if (GatewayAddress.TryParse(text, out var address) && address.Host is { } host)
        {
            return host;
        }

        section.Report("notifyAddress", $"must be an IP address, not \"{text}\"");
        return null;
    }

    private static string? ReadTimeZone(YamlSection section)
    {
        var name = section.Text("timeZone", 64);
        if (name is null || (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && name == zone.Id))
        {
            return name;
        }

        section.Report("timeZone", $"must be a time zone this system knows by its IANA name, for instance Europe/Berlin, not \"{name}\"");
        return null;
    }

    private DialPlan? FindDialPlan(YamlSection section) => Find(section, "dialPlan", _dialPlans);

    private T? Find<T>(YamlSection section, string key, Dictionary<string, T> known)
        where T : class
    {
        var name = section.RequiredText(key);
        if (known.TryGetValue(name, out var found))
        {
            return found;
        }

        if (name.Length > 0)
        {
            section.Report(key, $"names \"{name}\", which is not there; {NearestName.Suggest(name, known.Keys)}");
        }

        _sound = false;
        return null;
    }

    private bool Keep<T>(YamlSection section, Dictionary<string, T> known, T item, Func<T, string> name)
    {
        if (known.TryAdd(name(item), item))
        {
            return true;
        }

        Unsound(section, "name", $"\"{name(item)}\" is there twice");
        return false;
    }

    private void Unsound(YamlSection section, string key, string message)
    {
        section.Report(key, message);
        _sound = false;
    }

    private static (string Gateway, string Name) KeyOf(string gateway, string name) => (gateway.ToUpperInvariant(), name.ToUpperInvariant());

    private static TimeSpan Minutes(YamlSection section, string key, TimeSpan @default, int min, int max) =>
        section.Duration(key, @default, TimeSpan.FromMinutes(min), TimeSpan.FromMinutes(max));
}
