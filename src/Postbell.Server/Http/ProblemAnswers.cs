using Microsoft.AspNetCore.Diagnostics;
using Postbell.Mailbox;

namespace Postbell.Server.Http;

/// <summary>Turns what went wrong in a request into application/problem+json; the cause of an unexpected one stays in the log.</summary>
internal static class ProblemAnswers
{
    /// <summary>Catches exceptions of everything after it, and fills empty error answers (404, 405, 415).</summary>
    public static void UseProblemAnswers(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception fault) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                await Explain(fault, app.Logger).ExecuteAsync(context);
                return;
            }

            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                var status = context.Response.StatusCode;
                await Problem.Result("http", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, null).ExecuteAsync(context);
            }
        });
    }

    private static IResult Explain(Exception fault, ILogger log)
    {
        switch (fault)
        {
            case BadHttpRequestException bad:
                return Problem.Invalid(bad.InnerException?.Message ?? bad.Message);
            case MailboxException { Reason: MailboxFailure.AccountExists or MailboxFailure.OnHold } exists:
                return Problem.Conflict(exists.Message);
            case MailboxException { Reason: MailboxFailure.InvalidAccount or MailboxFailure.InvalidGreeting or MailboxFailure.InvalidVacation or MailboxFailure.MessageTooLarge } invalid:
                return Problem.Invalid(invalid.Message);
            case MailboxException { Reason: MailboxFailure.StorageFailed or MailboxFailure.DiskFull or MailboxFailure.Closed or MailboxFailure.DatabaseDamaged } failed:
                return Problem.Unavailable(failed.Message);
            default:
                log.LogError(fault, "A request failed");
                return Problem.Result("internal", "Internal error", StatusCodes.Status500InternalServerError, "the server's log tells more");
        }
    }
}
