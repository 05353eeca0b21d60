using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/users/{user}/export and import: mailboxes to and from files of other programs. Folders are those of the server's machine.</summary>
internal sealed class TransferResource(ServerParts parts, UsersResource users)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/users/{user}/export", ExportAsync);
        routes.MapPost("/api/v1/users/{user}/import", ImportAsync);
    }

    private Task<IResult> ExportAsync(string user, ExportRequest wanted, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
        await TryAsync(wanted.Directory, async () => await parts.Store.ExportAsync(account.Id, wanted.Directory, wanted.Format, wanted.Folder, cancellation)));

    private Task<IResult> ImportAsync(string user, ImportRequest wanted, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
        await TryAsync(wanted.Path, async () => await parts.Store.ImportAsync(account.Id, wanted.Path, wanted.Folder, cancellation)));

    private async Task<IResult> TryAsync(string path, Func<Task<object>> work)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            return Problem.Invalid("path: a whole path, from the root on");
        }

        if ((Path.GetFullPath(path) + Path.DirectorySeparatorChar).StartsWith(parts.Layout.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return Problem.Invalid("path: not within the data folder");
        }

        try
        {
            return Results.Json(await work(), Json.Options);
        }
        catch (MailboxException refused) when (refused.Reason is MailboxFailure.BackupFailed or MailboxFailure.NoSuchFolder or MailboxFailure.InvalidFolderName)
        {
            return Problem.Invalid(refused.Message);
        }
    }
}

/// <summary>Asks for an export.</summary>
internal sealed record ExportRequest(string Directory, TransferFormat Format, string? Folder);

/// <summary>Asks for an import.</summary>
internal sealed record ImportRequest(string Path, string? Folder);
