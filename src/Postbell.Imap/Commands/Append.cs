using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>APPEND, RFC 3501 6.3.11, of one message or several (RFC 3502), answering with APPENDUID (RFC 4315).</summary>
internal static class Append
{
    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!AppendRequest.TryParse(ref reader, out var request) || !call.Text.MessageFollows)
        {
            reader.Fail(ParseFailure.TrailingCharacters);
            return CommandResult.Bad(reader);
        }

        using var intake = new MessageIntake(session, request.Mailbox);
        if (await intake.TakeAsync(request.First, several: true, ct) is { } refusal)
        {
            return refusal;
        }

        try
        {
            // All or none: a client that is refused sends all of them again.
            var stored = await intake.Place.View.AppendAsync(intake.Place.Name, intake.Messages, ct);
            var uids = NumberRanges.Of(stored.Select(static s => s.Uid));
            return CommandResult.Ok(stored.Count == 1 ? "Message stored" : "Messages stored", $"APPENDUID {stored[0].UidValidity} {uids}");
        }
        catch (MailboxException failure)
        {
            return Refusal.Of(failure, tryCreate: true);
        }
    }
}
