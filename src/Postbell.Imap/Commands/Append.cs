using System.Buffers;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Mailbox;

namespace Postbell.Imap.Commands;

/// <summary>APPEND, RFC 3501 6.3.11, answering with APPENDUID (RFC 4315).</summary>
internal static class Append
{
    private const int FirstBytes = 16 * 1024;

    public static async Task<CommandResult> RunAsync(ImapSession session, CommandCall call, CancellationToken ct)
    {
        var reader = call.Arguments();
        if (!AppendRequest.TryParse(ref reader, out var request) || !call.Text.MessageFollows)
        {
            reader.Fail(ParseFailure.TrailingCharacters);
            return CommandResult.Bad(reader);
        }

        // Refused before the bytes are sent, when the client waits to be asked for them.
        var (refusal, flags) = await RefuseEarlyAsync(session, request, ct);
        if (refusal is { } no)
        {
            return await PassOverAsync(session, request, no);
        }

        if (request.Message.Waits)
        {
            await session.Connection.ContinueAsync("Send the message");
        }

        // The buffer grows with what really comes, not with what was announced.
        var message = new ArrayBufferWriter<byte>((int)Math.Min(request.Message.Length + 1, FirstBytes));
        await DemandAsync(session.Connection.ReadMessageAsync(request.Message.Length, message));
        if (await ReadEndAsync(session) is { } bad)
        {
            return bad;
        }

        return message.WrittenSpan.Contains((byte)0)
            ? CommandResult.No("CANNOT", "A message cannot have a NUL character")
            : await StoreAsync(session, request, flags, message.WrittenMemory, ct);
    }

    private static async Task<(CommandResult? Refusal, MessageFlags Flags)> RefuseEarlyAsync(
        ImapSession session, AppendRequest request, CancellationToken ct)
    {
        if (request.Message.Length > session.Connection.Limits.MessageBytes)
        {
            return (CommandResult.No("TOOBIG", "The message is too large"), MessageFlags.None);
        }

        if (request.Message.Length == 0)
        {
            return (CommandResult.No("CANNOT", "An empty message cannot be stored"), MessageFlags.None);
        }

        try
        {
            var folder = await session.Mailbox.FindFolderAsync(request.Mailbox, ct);
            return folder switch
            {
                null => (CommandResult.No("TRYCREATE", "There is no such mailbox"), MessageFlags.None),
                { Selectable: false } => (CommandResult.No("CANNOT", "This mailbox only holds other mailboxes"), MessageFlags.None),
                _ => (null, MessageFlags.Parse(request.Flags)),
            };
        }
        catch (MailboxException refusal)
        {
            return (Refusal.Of(refusal, tryCreate: true), MessageFlags.None);
        }
    }

    private static async Task<CommandResult> StoreAsync(
        ImapSession session, AppendRequest request, MessageFlags flags, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            var message = new NewMessage { Message = bytes, Flags = flags, InternalDate = request.Date };
            var stored = (await session.Mailbox.AppendAsync(request.Mailbox, [message], ct))[0];
            return CommandResult.Ok("Message stored", $"APPENDUID {stored.UidValidity} {stored.Uid}");
        }
        catch (MailboxException refusal)
        {
            return Refusal.Of(refusal, tryCreate: true);
        }
    }

    /// <summary>A message sent unasked has to be read away before the refusal (RFC 7888); one that is far too large ends the connection.</summary>
    private static async Task<CommandResult> PassOverAsync(ImapSession session, AppendRequest request, CommandResult refusal)
    {
        if (request.Message.Waits)
        {
            return refusal;
        }

        if (request.Message.Length > session.Connection.Limits.MessageBytes)
        {
            throw new SessionEndException(ReadOutcome.LiteralFlood);
        }

        await DemandAsync(session.Connection.ReadMessageAsync(request.Message.Length, sink: null));
        return await ReadEndAsync(session) ?? refusal;
    }

    private static async Task<CommandResult?> ReadEndAsync(ImapSession session)
    {
        var (outcome, rest) = await session.Connection.ReadLineAsync();
        await DemandAsync(ValueTask.FromResult(outcome));
        return rest.Span.Trim((byte)' ').IsEmpty ? null : CommandResult.Bad("Unexpected characters after the message");
    }

    private static async ValueTask DemandAsync(ValueTask<ReadOutcome> reading)
    {
        var outcome = await reading;
        if (outcome != ReadOutcome.Complete)
        {
            throw new SessionEndException(outcome);
        }
    }
}
