using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/users/{user}/shares: who may do what with folders of a person or a team.</summary>
internal sealed class SharesResource(ServerParts parts, UsersResource users)
{
    private const string Anyone = "anyone";

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users/{user}/shares", (string user, CancellationToken cancellation) =>
            users.WithAccountAsync(user, cancellation, account => ListAsync(account, cancellation)));
        routes.MapPut("/api/v1/users/{user}/shares", (string user, ShareRow wanted, CancellationToken cancellation) =>
            users.WithAccountAsync(user, cancellation, account => SetAsync(account, wanted, cancellation)));
    }

    private async Task<IResult> ListAsync(Account account, CancellationToken cancellation)
    {
        var mailbox = await parts.Store.OpenMailboxAsync(account.Id, cancellation);
        var rows = new List<ShareRow>();
        foreach (var folder in await mailbox.ListFoldersAsync(cancellation))
        {
            rows.AddRange((await parts.Store.ReadGrantsAsync(account.Id, folder.Name, cancellation))
                .Select(grant => new ShareRow(folder.Name, grant.UserName ?? Anyone, FolderRightsText.Format(grant.Rights))));
        }

        return Results.Json(new SharesReply(rows), Json.Options);
    }

    private async Task<IResult> SetAsync(Account account, ShareRow wanted, CancellationToken cancellation)
    {
        if (!FolderRightsText.TryParse(wanted.Rights, out var rights))
        {
            return Problem.Invalid("rights: letters of lrswipkxtea, or nothing to take them away");
        }

        try
        {
            var who = wanted.Who == Anyone ? null : wanted.Who;
            await parts.Store.SetRightsAsync(account.Id, wanted.Folder, who, _ => rights, cancellation);
            return await ListAsync(account, cancellation);
        }
        catch (MailboxException refusal) when (
            refusal.Reason is MailboxFailure.NoSuchFolder or MailboxFailure.NoSuchAccount or MailboxFailure.NotPermitted or MailboxFailure.InvalidFolderName)
        {
            return Problem.Invalid(refusal.Reason switch
            {
                MailboxFailure.NoSuchAccount => $"there is no user {wanted.Who}",
                MailboxFailure.NotPermitted => $"{wanted.Who} is the owner and may do everything",
                _ => $"{account.UserName} has no folder {wanted.Folder}",
            });
        }
    }
}

/// <summary>GET /api/v1/users/{user}/shares.</summary>
internal sealed record SharesReply(IReadOnlyList<ShareRow> Shares);

/// <summary>What somebody may do with a folder, in letters of RFC 4314; who is a user name or anyone.</summary>
internal sealed record ShareRow(string Folder, string Who, string Rights);
