using Postbell.Imap.Protocol;
using Postbell.Mailbox;

namespace Postbell.Imap.Session;

/// <summary>
/// Takes the messages of APPEND and REPLACE from the client. What can be refused is refused before its bytes are sent, when the client waits to
/// be asked for them; what is sent unasked is read away first (RFC 7888).
/// </summary>
internal sealed class MessageIntake(ImapSession session, string mailbox) : IDisposable
{
    // What small messages of one command take in memory together; the rest lies in files from the beginning.
    private const int InMemory = 512 * 1024;

    private readonly List<NewMessage> _messages = [];
    private readonly List<MessageSpool> _spools = [];
    private long _bytes;

    /// <summary>What has been taken so far.</summary>
    public IReadOnlyList<NewMessage> Messages => Place.Rights == FolderRights.All
        ? _messages
        : _messages.ConvertAll(message => message with { Flags = FlagScope.Of(Place.Rights).Within(message.Flags) });

    /// <summary>Where they go; once nothing was refused.</summary>
    public MailPlace Place { get; private set; } = null!;

    /// <summary>Takes the message announced and those that follow it in the same command (RFC 3502).</summary>
    /// <param name="next">The first one.</param>
    /// <param name="several">False when only one may come.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <param name="unfit">Why the command is refused whatever comes, when that is known already.</param>
    /// <returns>The answer when one was refused, and then none is to be stored; null when all are here.</returns>
    public async Task<CommandResult?> TakeAsync(AppendMessage next, bool several, CancellationToken ct, CommandResult? unfit = null)
    {
        var refusal = unfit ?? await RefuseMailboxAsync(ct);
        while (true)
        {
            refusal ??= Refuse(next);
            if (refusal is not null && next.Message.Waits)
            {
                return refusal;
            }

            refusal = await ReadAsync(next, refusal);
            var (rest, more) = await ReadRestAsync(next.Utf8);
            if (rest is not null)
            {
                return rest;
            }

            if (more is null)
            {
                return refusal;
            }

            next = more;
            refusal ??= several ? null : CommandResult.Bad("One message only");
        }
    }

    /// <summary>Removes what was not stored.</summary>
    public void Dispose() => _spools.ForEach(static spool => spool.Dispose());

    private async Task<CommandResult?> RefuseMailboxAsync(CancellationToken ct)
    {
        try
        {
            Place = (await session.Places.FindAsync(mailbox, ct)).Require(FolderRights.Insert);
            return await Place.View.FindFolderAsync(Place.Name, ct) switch
            {
                null => CommandResult.No("TRYCREATE", "There is no such mailbox"),
                { Selectable: false } => CommandResult.No("CANNOT", "This mailbox only holds other mailboxes"),
                _ => null,
            };
        }
        catch (MailboxException refusal)
        {
            return Refusal.Of(refusal, tryCreate: true);
        }
    }

    private CommandResult? Refuse(AppendMessage message)
    {
        if (_bytes + message.Message.Length > session.Connection.Limits.MessageBytes)
        {
            return CommandResult.No("TOOBIG", _messages.Count == 0 ? "The message is too large" : "The messages are too large together");
        }

        if (_messages.Count >= session.Connection.Limits.ListEntries)
        {
            return CommandResult.No("LIMIT", "Too many messages at once");
        }

        if (message.Message.Length == 0)
        {
            return CommandResult.No("CANNOT", "An empty message cannot be stored");
        }

        if (message.Utf8 && !session.Enabled.Utf8Accept)
        {
            return CommandResult.Bad("Enable UTF8=ACCEPT first");
        }

        try
        {
            MessageFlags.Parse(message.Flags);
            return null;
        }
        catch (MailboxException refusal)
        {
            return Refusal.Of(refusal);
        }
    }

    /// <summary>Reads the bytes, and keeps them when nothing was refused.</summary>
    private async Task<CommandResult?> ReadAsync(AppendMessage announced, CommandResult? refusal)
    {
        var length = announced.Message.Length;
        if (refusal is not null && length > session.Connection.Limits.MessageBytes)
        {
            throw new SessionEndException(ReadOutcome.LiteralFlood);
        }

        if (refusal is not null)
        {
            Demand(await session.Connection.ReadMessageAsync(length, sink: null));
            return refusal;
        }

        if (announced.Message.Waits)
        {
            await session.Connection.ContinueAsync("Send the message");
        }

        // It grows with what really comes, not with what was announced.
        var spool = session.Mailbox.NewSpool(inMemory: _bytes < InMemory);
        _spools.Add(spool);
        Demand(await session.Connection.ReadMessageAsync(length, spool));
        return Keep(spool, announced);
    }

    private CommandResult? Keep(MessageSpool spool, AppendMessage announced)
    {
        try
        {
            if (spool.Content.Span.Contains((byte)0))
            {
                return announced.Binary
                    ? CommandResult.No("UNKNOWN-CTE", "Messages with NUL characters are not stored, encode them as base64")
                    : CommandResult.No("CANNOT", "A message cannot have a NUL character");
            }
        }
        catch (MailboxException fault)
        {
            return Refusal.Of(fault);
        }

        _bytes += spool.Length;
        _messages.Add(NewMessage.Of(spool) with { Flags = MessageFlags.Parse(announced.Flags), InternalDate = announced.Date });
        return null;
    }

    /// <summary>What stands behind the bytes: nothing, or the next message.</summary>
    private async Task<(CommandResult? Bad, AppendMessage? More)> ReadRestAsync(bool closing)
    {
        var (outcome, rest) = await session.Connection.ReadRestAsync();
        Demand(outcome);
        var reader = new CommandReader(rest.Bytes.Span, session.Connection.Limits);
        if (closing && !reader.Expect((byte)')', ParseFailure.ListUnterminated))
        {
            return (CommandResult.Bad(ParseFailureText.Describe(reader.Failure)), null);
        }

        if (rest.Bytes.Span[reader.Position..].Trim((byte)' ').IsEmpty)
        {
            return (null, null);
        }

        return rest.MessageFollows && reader.Space() && AppendMessage.TryParse(ref reader, out var more)
            ? (null, more)
            : rest.MessageFollows ? throw new SessionEndException(ReadOutcome.LiteralFlood)
            : (CommandResult.Bad("Unexpected characters after the message"), null);
    }

    private static void Demand(ReadOutcome outcome)
    {
        if (outcome != ReadOutcome.Complete)
        {
            throw new SessionEndException(outcome);
        }
    }
}
