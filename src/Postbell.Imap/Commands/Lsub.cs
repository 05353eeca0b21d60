using Postbell.Imap.Protocol;
using Postbell.Imap.Session;

namespace Postbell.Imap.Commands;

/// <summary>LSUB, RFC 3501 6.3.9: subscribed names, whether or not the mailbox exists.</summary>
internal static class Lsub
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!ListRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var parents = new SortedSet<string>(StringComparer.Ordinal);
        var names = await session.Mailbox.ListSubscriptionsAsync(ct);
        foreach (var name in names)
        {
            if (request.Matches(name))
            {
                List.Write(session.Writer, "LSUB", "", name);
            }
            else
            {
                AddMatchingParents(request, name, parents);
            }
        }

        // With % a level that is not subscribed itself is shown, not selectable, when something below it is.
        foreach (var parent in parents.Except(names))
        {
            List.Write(session.Writer, "LSUB", "\\Noselect", parent);
        }

        return CommandResult.Ok("Subscriptions listed");
    }

    private static void AddMatchingParents(ListRequest request, string name, SortedSet<string> parents)
    {
        for (var at = name.IndexOf(MailboxName.Separator, StringComparison.Ordinal); at > 0; at = name.IndexOf(MailboxName.Separator, at + 1))
        {
            if (request.Matches(name[..at]))
            {
                parents.Add(name[..at]);
            }
        }
    }
}
