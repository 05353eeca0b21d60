using Postbell.Directory;
using Postbell.Mailbox;

namespace Postbell.Server.Hosting;

/// <summary>Makes the mailboxes of teams as the configuration says: what is missing is made, who may use them is set anew; none is ever deleted.</summary>
internal static class TeamMailboxes
{
    /// <summary>Brings the store in line; what cannot be done is told in the answer.</summary>
    public static async Task<IReadOnlyList<string>> ApplyAsync(Organization organization, MailStore store, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var team in organization.TeamMailboxes)
        {
            if (await EnsureAsync(team, store, cancellation) is { } account)
            {
                await ShareAsync(team, account, store, problems, cancellation);
            }
            else
            {
                problems.Add($"team mailbox {team.Name}: a person has that name");
            }
        }

        return problems;
    }

    private static async Task<Account?> EnsureAsync(TeamMailbox team, MailStore store, CancellationToken cancellation)
    {
        if (await store.FindAccountAsync(team.Name, cancellation) is not { } account)
        {
            return await store.CreateAccountAsync(
                new NewAccount
                {
                    UserName = team.Name, DisplayName = team.DisplayName, Extension = team.Extension, DialPlan = team.DialPlan,
                    Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { [Account.KindAttribute] = Account.TeamKind },
                },
                cancellation);
        }

        var wanted = account with { DisplayName = team.DisplayName, Extension = team.Extension, DialPlan = team.DialPlan };
        if (account.IsTeam && wanted != account)
        {
            await store.UpdateAccountAsync(wanted, cancellation);
        }

        return account.IsTeam ? wanted : null;
    }

    private static async Task ShareAsync(TeamMailbox team, Account account, MailStore store, List<string> problems, CancellationToken cancellation)
    {
        var rights = FolderRightsText.TryParse(team.Rights, out var letters) ? letters : FolderRights.None;
        var members = new Dictionary<string, FolderRights>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in team.Members)
        {
            if (await store.FindAccountAsync(member, cancellation) is { IsTeam: false })
            {
                members[member] = rights;
            }
            else
            {
                problems.Add($"team mailbox {team.Name}: there is no user {member} yet");
            }
        }

        var mailbox = await store.OpenMailboxAsync(account.Id, cancellation);
        foreach (var folder in await mailbox.ListFoldersAsync(cancellation))
        {
            var grants = await store.ReadGrantsAsync(account.Id, folder.Name, cancellation);
            var former = grants.Where(g => g.UserName is not null && !members.ContainsKey(g.UserName)).Select(g => (Name: g.UserName!, Rights: FolderRights.None));
            var changed = members.Where(m => grants.All(g => !m.Key.Equals(g.UserName, StringComparison.OrdinalIgnoreCase) || g.Rights != m.Value)).Select(m => (Name: m.Key, Rights: m.Value));
            foreach (var (name, given) in former.Concat(changed).ToList())
            {
                await store.SetRightsAsync(account.Id, folder.Name, name, _ => given, cancellation);
            }
        }
    }
}
