using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/users/USER/vacation: the automatic reply of a person who is away.</summary>
internal sealed class VacationResource(ServerParts parts, UsersResource users)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users/{user}/vacation", ReadAsync);
        routes.MapPut("/api/v1/users/{user}/vacation", SetAsync);
    }

    private Task<IResult> ReadAsync(string user, CancellationToken cancellation) => users.WithAccountAsync(
        user, cancellation, async account => Answer(account, await parts.Store.FindVacationAsync(account.Id, cancellation)));

    private Task<IResult> SetAsync(string user, VacationChange wanted, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        var former = await parts.Store.FindVacationAsync(account.Id, cancellation) ?? new Vacation { Text = "" };
        var vacation = former with
        {
            Enabled = wanted.Enabled,
            Text = wanted.Text ?? former.Text,
            Subject = wanted.Subject is { } subject ? DisplayText.Clean(subject, Vacation.MaxSubject + 1) : former.Subject,
            From = wanted.From,
            Until = wanted.Until,
            Every = wanted.Days is { } days ? TimeSpan.FromDays(days) : former.Every,
        };
        await parts.Store.SetVacationAsync(account.Id, vacation, cancellation);
        return Answer(account, vacation);
    });

    private static IResult Answer(Account account, Vacation? vacation) => Results.Json(
        new VacationReplyRow(
            account.UserName, vacation?.Enabled ?? false, vacation?.Subject ?? "", vacation?.Text ?? "", vacation?.From, vacation?.Until, (int)(vacation?.Every ?? TimeSpan.Zero).TotalDays),
        Json.Options);
}

/// <summary>Asks to switch an automatic reply on or off; what is absent stays as it was, but times do not.</summary>
internal sealed record VacationChange(bool Enabled, string? Text, string? Subject, DateTimeOffset? From, DateTimeOffset? Until, int? Days);

/// <summary>A person's automatic reply; all empty when there was never one.</summary>
internal sealed record VacationReplyRow(string User, bool Enabled, string Subject, string Text, DateTimeOffset? From, DateTimeOffset? Until, int Days);
