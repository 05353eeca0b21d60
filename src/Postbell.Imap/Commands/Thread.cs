using Postbell.Imap.Ordering;
using Postbell.Imap.Protocol;
using Postbell.Imap.Responses;
using Postbell.Imap.Session;
using Postbell.Mime;

namespace Postbell.Imap.Commands;

/// <summary>THREAD and UID THREAD, RFC 5256 section 3.</summary>
internal static class Thread
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!ThreadRequest.TryParse(ref reader, out var request))
        {
            return CommandResult.Bad(reader);
        }

        var messages = new List<OrderedMessage>();
        var (threads, refusal) = await MessageOrdering.RunAsync(
            session, await FolderSearch.FindAsync(session, request.Program, ct),
            EnvelopeFields.Date | EnvelopeFields.Subject | (request.Algorithm == ThreadAlgorithm.References ? EnvelopeFields.Ids : EnvelopeFields.None),
            (index, summary) => messages.Add(OrderedMessage.Of(index, summary)),
            turn => request.Algorithm == ThreadAlgorithm.References ? new ReferenceThreads(turn).Build(messages) : SubjectThreads.Build(messages),
            ct);
        if (threads is null)
        {
            return refusal;
        }

        await ThreadResponse.WriteAsync(session, call, threads);
        return CommandResult.Ok("Threads made");
    }
}
