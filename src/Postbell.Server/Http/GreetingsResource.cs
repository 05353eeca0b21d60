using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Playback;
using Postbell.Server.Hosting;

namespace Postbell.Server.Http;

/// <summary>/api/v1/users/{user}/greetings/{kind}: a person's own recordings, as WAV files. What cannot be played is refused when it comes in.</summary>
internal sealed class GreetingsResource(ServerParts parts, UsersResource users)
{
    private const string Route = "/api/v1/users/{user}/greetings/{kind}";

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Route, ShowAsync);
        routes.MapPut(Route, SetAsync);
        routes.MapDelete(Route, RemoveAsync);
    }

    private Task<IResult> ShowAsync(string user, string kind, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        if (!GreetingNames.All.Contains(kind))
        {
            return UnknownKind(kind);
        }

        var audio = await parts.Store.GetGreetingAsync(account.Id, kind, cancellation);
        return Results.Json(new GreetingReply(account.UserName, kind, audio is { IsEmpty: false }, audio is { IsEmpty: false } wav ? Seconds(wav) : 0), Json.Options);
    });

    private Task<IResult> SetAsync(string user, string kind, HttpRequest request, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        if (!GreetingNames.All.Contains(kind))
        {
            return UnknownKind(kind);
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        try
        {
            var seconds = Seconds(body.ToArray());
            await parts.Store.SetGreetingAsync(account.Id, kind, body.ToArray(), cancellation);
            return Results.Json(new GreetingReply(account.UserName, kind, true, seconds), Json.Options);
        }
        catch (WavFormatException wrong)
        {
            return Problem.Invalid($"the recording cannot be played: {wrong.Message}");
        }
    });

    private Task<IResult> RemoveAsync(string user, string kind, CancellationToken cancellation) => users.WithAccountAsync(user, cancellation, async account =>
    {
        if (!GreetingNames.All.Contains(kind))
        {
            return UnknownKind(kind);
        }

        await parts.Store.SetGreetingAsync(account.Id, kind, ReadOnlyMemory<byte>.Empty, cancellation);
        return Results.Json(new GreetingReply(account.UserName, kind, false, 0), Json.Options);
    });

    private static double Seconds(ReadOnlyMemory<byte> wav) => AudioClip.FromWav(wav).Duration.TotalSeconds;

    private static IResult UnknownKind(string kind) => Problem.NotFound($"there is no recording \"{kind}\"; there are {string.Join(", ", GreetingNames.All)}");
}
