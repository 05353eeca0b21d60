using Postbell.Imap.Ordering;
using Postbell.Imap.Protocol;
using Postbell.Imap.Responses;
using Postbell.Imap.Session;

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

        var found = await FolderSearch.FindAsync(session, request.Program, ct);
        var messages = await MessageSummaries.ReadAsync(session, found, withEnvelope: true, ct);
        var threads = request.Algorithm == ThreadAlgorithm.References
            ? new ReferenceThreads(ct).Build(messages)
            : SubjectThreads.Build(messages);
        await ThreadResponse.WriteAsync(session, call, threads);
        return CommandResult.Ok("Threads made");
    }
}
