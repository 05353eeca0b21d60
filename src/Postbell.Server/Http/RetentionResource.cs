using Postbell.Mailbox;
using Postbell.Mime;
using Postbell.Mime.Decoding;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/users/{user}/removed, undelete and hold: messages that were removed and can be brought back, and legal hold.</summary>
internal sealed class RetentionResource(ServerParts parts, UsersResource users)
{
    private const int Most = 100_000;

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users/{user}/removed", ListAsync);
        routes.MapPost("/api/v1/users/{user}/undelete", UndeleteAsync);
        routes.MapPut("/api/v1/users/{user}/hold", HoldAsync);
    }

    private Task<IResult> ListAsync(string user, DateTimeOffset? since, int? count, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        var mailbox = await parts.Store.OpenMailboxAsync(account.Id, cancellation);
        var removed = await mailbox.ListRemovedAsync(since ?? default, Math.Clamp(count ?? 100, 1, Most), cancellation);
        var (messages, octets) = await parts.Store.CountRemovedAsync(account.Id, cancellation);
        return Results.Json(
            new RemovedReply(account.UserName, account.HeldSince, messages, octets, [.. removed.Select(static m => new RemovedMessageRow(
                m.Id, m.Folder, m.RemovedAt, m.InternalDate, m.Size, m.Kind, From(m.Envelope), EncodedWords.Decode(m.Envelope.Subject ?? "")))]),
            Json.Options);
    });

    private static string From(MimeEnvelope envelope) => envelope.From is [var first, ..]
        ? string.IsNullOrEmpty(first.Name) ? $"{first.Mailbox}@{first.Host}" : EncodedWords.Decode(first.Name)
        : "";

    private Task<IResult> UndeleteAsync(string user, UndeleteRequest wanted, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        var mailbox = await parts.Store.OpenMailboxAsync(account.Id, cancellation);
        var ids = wanted.Numbers ?? [.. (await mailbox.ListRemovedAsync(wanted.Since ?? default, Most, cancellation)).Select(static m => m.Id)];
        var back = new List<UndeletedMessage>();
        foreach (var some in ids.Chunk(500))
        {
            back.AddRange(await mailbox.UndeleteAsync(some, cancellation));
        }

        return Results.Json(new UndeleteReply(account.UserName, back, [.. ids.Except(back.Select(static b => b.Id))]), Json.Options);
    });

    private Task<IResult> HoldAsync(string user, HoldRequest wanted, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        await parts.Store.SetHoldAsync(account.Id, wanted.Held, cancellation);
        var now = await parts.Store.FindAccountAsync(account.Id, cancellation);
        return Results.Json(new HoldReply(account.UserName, now?.HeldSince), Json.Options);
    });
}

/// <summary>Removed messages of a person.</summary>
internal sealed record RemovedReply(string User, DateTimeOffset? HeldSince, long Messages, long Octets, IReadOnlyList<RemovedMessageRow> Removed);

/// <summary>One of them.</summary>
internal sealed record RemovedMessageRow(
    long Number, string Folder, DateTimeOffset RemovedAt, DateTimeOffset Date, long Size, MessageKind Kind, string From, string Subject);

/// <summary>Asks to bring messages back: the numbers, or all that were removed since a time.</summary>
internal sealed record UndeleteRequest(IReadOnlyList<long>? Numbers, DateTimeOffset? Since);

/// <summary>What came back, and the numbers that are not there.</summary>
internal sealed record UndeleteReply(string User, IReadOnlyList<UndeletedMessage> Restored, IReadOnlyList<long> Unknown);

/// <summary>Asks for a legal hold, or to end it.</summary>
internal sealed record HoldRequest(bool Held);

/// <summary>Since when a hold lasts; null for none.</summary>
internal sealed record HoldReply(string User, DateTimeOffset? HeldSince);
