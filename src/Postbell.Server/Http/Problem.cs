namespace Postbell.Server.Http;

/// <summary>What went wrong, for programs and people (RFC 9457, application/problem+json).</summary>
/// <param name="Type">Stable name of the kind of problem, relative to the documentation.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What was wrong this time.</param>
internal sealed record Problem(string Type, string Title, int Status, string? Detail)
{
    /// <summary>Media type of the JSON form.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The object that was asked for does not exist.</summary>
    public static IResult NotFound(string detail) => Result("not-found", "Not found", StatusCodes.Status404NotFound, detail);

    /// <summary>The request makes no sense or breaks a rule.</summary>
    public static IResult Invalid(string detail) => Result("invalid-request", "Invalid request", StatusCodes.Status400BadRequest, detail);

    /// <summary>It exists already, or another change came first.</summary>
    public static IResult Conflict(string detail) => Result("conflict", "Conflict", StatusCodes.Status409Conflict, detail);

    /// <summary>No token, or a wrong one.</summary>
    public static IResult Unauthorized() =>
        Result("unauthorized", "Unauthorized", StatusCodes.Status401Unauthorized, "send the administration token: Authorization: Bearer ...");

    /// <summary>A part of the server that the request needs does not work at the moment.</summary>
    public static IResult Unavailable(string detail) => Result("unavailable", "Unavailable", StatusCodes.Status503ServiceUnavailable, detail);

    /// <summary>Any problem as an answer.</summary>
    public static IResult Result(string type, string title, int status, string? detail) =>
        Results.Json(new Problem($"/problems/{type}", title, status, detail), Json.Options, MediaType, status);
}
