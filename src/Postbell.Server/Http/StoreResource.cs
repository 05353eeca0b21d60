using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/store: verifying, backing up and restoring mailboxes while the server works on. Folders are those of the server's machine.</summary>
internal sealed class StoreResource(ServerParts parts, UsersResource users)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/store", ShowAsync);
        routes.MapPost("/api/v1/store/verify", VerifyAsync);
        routes.MapPost("/api/v1/store/backup", BackupAsync);
        routes.MapPost("/api/v1/store/restore", RestoreAsync);
    }

    private async Task<IResult> ShowAsync(CancellationToken cancellation) =>
        Results.Json(await parts.Store.ReadConditionAsync(cancellation), Json.Options);

    private Task<IResult> VerifyAsync(VerifyRequest wanted, CancellationToken cancellation) => wanted.User is null
        ? ReportAsync(null, wanted.Repair, cancellation)
        : users.WithAccountAsync(wanted.User, cancellation, account => ReportAsync(account.Id, wanted.Repair, cancellation));

    private async Task<IResult> ReportAsync(long? account, bool repair, CancellationToken cancellation)
    {
        var found = await parts.Store.VerifyAsync(account, repair, cancellation);
        return Results.Json(new VerifyReply(found.IsSound, found.HasLoss, found.Repaired, found.Database, found.Orphans, found.Mailboxes), Json.Options);
    }

    private async Task<IResult> BackupAsync(BackupRequest wanted, CancellationToken cancellation)
    {
        if (!Path.IsPathFullyQualified(wanted.Directory))
        {
            return Problem.Invalid("directory: a whole path, from the root on");
        }

        try
        {
            return Results.Json(await parts.Store.BackupAsync(wanted.Directory, cancellation), Json.Options);
        }
        catch (MailboxException failed) when (failed.Reason == MailboxFailure.BackupFailed)
        {
            return Problem.Invalid(failed.Message);
        }
    }

    private async Task<IResult> RestoreAsync(RestoreRequest wanted, CancellationToken cancellation)
    {
        if (!Path.IsPathFullyQualified(wanted.Directory))
        {
            return Problem.Invalid("directory: a whole path, from the root on");
        }

        try
        {
            var result = await parts.Store.RestoreMailboxAsync(wanted.Directory, wanted.User, cancellation);
            await parts.People.RefreshAsync(cancellation);
            return Results.Json(result, Json.Options);
        }
        catch (MailboxException failed) when (failed.Reason is MailboxFailure.BackupFailed or MailboxFailure.NoSuchAccount)
        {
            return Problem.Invalid(failed.Message);
        }
    }
}

/// <summary>Asks to verify one mailbox, or everything.</summary>
internal sealed record VerifyRequest(string? User, bool Repair);

/// <summary>What verifying found.</summary>
internal sealed record VerifyReply(
    bool Sound, bool Loss, bool Repaired, string Database, IReadOnlyList<string> Orphans, IReadOnlyList<MailboxVerification> Mailboxes);

/// <summary>Asks for a backup.</summary>
internal sealed record BackupRequest(string Directory);

/// <summary>Asks to restore one mailbox.</summary>
internal sealed record RestoreRequest(string Directory, string User);
