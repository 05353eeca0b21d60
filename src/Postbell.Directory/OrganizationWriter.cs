using System.Globalization;
using System.Text;
using Postbell.Directory.Yaml;

namespace Postbell.Directory;

/// <summary>Writes an organization as YAML. Every text is quoted, so no value can be taken for something else.</summary>
internal sealed class OrganizationWriter
{
    private readonly StringBuilder _text = new();
    private bool _itemBegins;

    public static string Write(Organization organization)
    {
        var writer = new OrganizationWriter();
        writer.List("dialPlans", organization.DialPlans, writer.DialPlan);
        writer.List("gateways", organization.Gateways, writer.Gateway);
        writer.List("huntGroups", organization.HuntGroups, writer.HuntGroup);
        writer.List("mailboxPolicies", organization.MailboxPolicies, writer.Policy);
        writer.List("teamMailboxes", organization.TeamMailboxes, writer.Team);
        writer.List("distributionGroups", organization.DistributionGroups, writer.DistributionGroup);
        return writer._text.ToString();
    }

    private void DialPlan(DialPlan plan)
    {
        Quoted("name", plan.Name);
        Plain("numberOfDigitsInExtension", plan.NumberOfDigitsInExtension.ToString(CultureInfo.InvariantCulture));
        Plain("uriType", plan.UriType.ToString());
        Plain("voipSecurity", plan.VoipSecurity.ToString());
        Quoted("defaultLanguage", plan.DefaultLanguage);
        if (plan.TimeZone is { } zone)
        {
            Quoted("timeZone", zone);
        }

        Plain("audioCodec", plan.AudioCodec.ToString());
        Flag("levelRecordings", plan.LevelRecordings);
        Flag("trimSilence", plan.TrimSilence);
        Plain("maxCallDuration", DurationText.Format(plan.MaxCallDuration));
        Plain("maxRecordingDuration", DurationText.Format(plan.MaxRecordingDuration));
        Plain("recordingIdleTimeout", DurationText.Format(plan.RecordingIdleTimeout));
        Plain("inputFailuresBeforeDisconnect", plan.InputFailuresBeforeDisconnect.ToString(CultureInfo.InvariantCulture));
        Texts("numberingPlanFormats", plan.NumberingPlanFormats);
    }

    private void Gateway(Gateway gateway)
    {
        Quoted("name", gateway.Name);
        Quoted("address", gateway.Address.ToString());
        if (!gateway.HasUsualPort)
        {
            Plain("port", gateway.Port.ToString(CultureInfo.InvariantCulture));
        }

        Plain("transport", gateway.Transport.ToString());
        Plain("status", gateway.Status.ToString());
        Flag("messageWaitingIndicatorAllowed", gateway.MessageWaitingIndicatorAllowed);
        Flag("outcallsAllowed", gateway.OutcallsAllowed);
        Flag("symmetric", gateway.Symmetric);
        if (gateway.Codecs is { } codecs)
        {
            Texts("codecs", [.. codecs.Select(codec => codec.ToString())]);
        }

        Plain("dtmf", gateway.Dtmf.ToString());
        Plain("mediaSecurity", gateway.MediaSecurity.ToString());
        Flag("allowSdesOverClear", gateway.AllowSdesOverClear);
        if (gateway.NotifyAddress is { } notify)
        {
            Quoted("notifyAddress", notify.ToString());
        }

        if (gateway.Digest is { } digest)
        {
            Digest(digest);
        }
    }

    private void Digest(GatewayDigest digest)
    {
        var secret = digest.PasswordFile is { } file ? $"passwordFile: {Quote(file)}" : $"password: {Quote(digest.Password)}";
        var realm = digest.Realm is { } name ? $", realm: {Quote(name)}" : "";
        Plain("digest", $"{{ user: {Quote(digest.User)}, {secret}{realm}, challenge: {(digest.Challenge ? "true" : "false")}, algorithm: {digest.Algorithm} }}");
    }

    private void HuntGroup(HuntGroup group)
    {
        Quoted("name", group.Name);
        Quoted("gateway", group.Gateway);
        Quoted("dialPlan", group.DialPlan);
        Texts("pilotIdentifiers", group.PilotIdentifiers);
    }

    private void Policy(MailboxPolicy policy)
    {
        Quoted("name", policy.Name);
        Quoted("dialPlan", policy.DialPlan);
        Plain("maxGreetingDuration", DurationText.Format(policy.MaxGreetingDuration));
        Flag("allowMissedCallNotifications", policy.AllowMissedCallNotifications);
        Flag("allowMessageWaitingIndicator", policy.AllowMessageWaitingIndicator);
        Flag("allowTextMessages", policy.AllowTextMessages);
        Plain("protectUnauthenticatedVoiceMail", policy.ProtectUnauthenticatedVoiceMail.ToString());
        Plain("delivery", policy.Delivery.ToString());
        Flag("requireOwnFrom", policy.RequireOwnFrom);
        if (policy.VoiceMailText is { } text)
        {
            Quoted("voiceMailText", text);
        }

        Size("issueWarningQuota", policy.IssueWarningQuota);
        Size("prohibitSendReceiveQuota", policy.ProhibitSendReceiveQuota);
        if (policy.MessageCountQuota is { } count)
        {
            Plain("messageCountQuota", count.ToString(CultureInfo.InvariantCulture));
        }

        Plain("passwordFailuresBeforeLock", policy.PasswordFailuresBeforeLock.ToString(CultureInfo.InvariantCulture));
        Plain("passwordLockTime", DurationText.Format(policy.PasswordLockTime));
        Plain("deletedItemRetention", DurationText.Format(policy.DeletedItemRetention));
        if (policy.RetentionRules.Count > 0)
        {
            Plain("retentionRules", "[" + string.Join(", ", policy.RetentionRules.Select(static rule => RetentionRulesKey.Write(rule, Quote))) + "]");
        }
    }

    private void Team(TeamMailbox team)
    {
        Quoted("name", team.Name);
        Quoted("displayName", team.DisplayName);
        Quoted("dialPlan", team.DialPlan);
        if (team.Extension.Length > 0)
        {
            Quoted("extension", team.Extension);
        }

        Texts("members", team.Members);
        Plain("rights", team.Rights);
    }

    private void DistributionGroup(DistributionGroup group)
    {
        Quoted("name", group.Name);
        Quoted("address", group.Address);
        Texts("members", group.Members);
        Plain("acceptFrom", group.AcceptFrom.ToString());
    }

    private void Size(string key, long? octets)
    {
        if (octets is { } size)
        {
            Plain(key, SizeText.Format(size));
        }
    }

    private void List<T>(string key, IReadOnlyList<T> items, Action<T> write)
    {
        _text.Append(key).Append(items.Count == 0 ? ": []\n" : ":\n");
        foreach (var item in items)
        {
            _itemBegins = true;
            write(item);
        }
    }

    private void Plain(string key, string value)
    {
        _text.Append(_itemBegins ? "  - " : "    ").Append(key).Append(": ").Append(value).Append('\n');
        _itemBegins = false;
    }

    private void Flag(string key, bool value) => Plain(key, value ? "true" : "false");

    private void Quoted(string key, string value) => Plain(key, Quote(value));

    private void Texts(string key, IReadOnlyList<string> values) => Plain(key, "[" + string.Join(", ", values.Select(Quote)) + "]");

    private static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
