using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/locks: who may not sign in because of too many wrong passwords, and taking that away.</summary>
internal sealed class LocksResource(ServerParts parts, UsersResource users)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/locks", List);
        routes.MapDelete("/api/v1/locks", UnlockSourceAsync);
        routes.MapDelete("/api/v1/users/{user}/locks", UnlockAsync);
    }

    private IResult List() => Results.Json(
        new LocksReply([.. parts.Desk.Guard.Locks.Select(l => new LockRow(l.Kind, l.Secret, l.Name, l.Source, l.Until))]), Json.Options);

    private async Task<IResult> UnlockSourceAsync(string source, CancellationToken cancellation) =>
        Results.Json(new UnlockReply(await parts.Desk.Guard.UnlockSourceAsync(source, cancellation)), Json.Options);

    private Task<IResult> UnlockAsync(string user, CancellationToken cancellation) => users.WithAccountAsync(
        user, cancellation,
        async account => Results.Json(new UnlockReply(await parts.Desk.Guard.UnlockAsync(account.UserName, cancellation)), Json.Options));
}
