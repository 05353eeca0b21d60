using System.Text;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>
/// GETQUOTA, RFC 9208 section 4.2. All mailboxes of a person share the one root <c>""</c>; a mailbox without limits has none. What a mailbox may hold is
/// counted in units of 1024 octets (STORAGE) and in messages (MESSAGE).
/// </summary>
internal static class GetQuota
{
    private const int Unit = 1024;

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!reader.Space() || !reader.AString(out var root) || !reader.End())
        {
            return CommandResult.Bad(reader);
        }

        var usage = await session.Mailbox.ReadUsageAsync(ct);
        if (root.Length > 0 || !HasLimits(usage))
        {
            return CommandResult.No("NONEXISTENT", "There is no such quota root");
        }

        Write(session.Writer, usage);
        return CommandResult.Ok("Quota told");
    }

    /// <summary>True when the mailbox has a quota root.</summary>
    public static bool HasLimits(MailboxUsage usage) => usage.Quota.StorageLimit is not null || usage.Quota.MessageLimit is not null;

    /// <summary>Writes <c>* QUOTA "" (STORAGE 12 1000)</c>: what is used is rounded up, the limit down.</summary>
    public static void Write(ResponseWriter writer, MailboxUsage usage)
    {
        var text = new StringBuilder();
        if (usage.Quota.StorageLimit is { } octets)
        {
            text.Append("STORAGE ").Append((usage.Octets + Unit - 1) / Unit).Append(' ').Append(octets / Unit);
        }

        if (usage.Quota.MessageLimit is { } messages)
        {
            text.Append(text.Length > 0 ? " " : "").Append("MESSAGE ").Append(usage.Messages).Append(' ').Append(messages);
        }

        writer.Untagged($"QUOTA \"\" ({text})");
    }
}
