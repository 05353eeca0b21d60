using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Receiving;

/// <summary>A message has come whole: it is made durable, and only then the reply promises it. LMTP has one reply for each recipient.</summary>
internal static class MessageEnd
{
    public static async ValueTask RunAsync(SmtpSession session, MailTransaction transaction, CancellationToken ct)
    {
        var replies = (transaction.Failed ?? Check(session, transaction)) is { } refusal
            ? [.. transaction.Recipients.Select(_ => refusal)]
            : await StoreAsync(session, transaction, ct);
        await NoteRefusalsAsync(session, transaction, replies);
        session.Reset();
        foreach (var reply in session.Door == SmtpDoor.Lmtp ? replies : [Combine(replies)])
        {
            if (!reply.IsPositive)
            {
                session.Services.Log.MessageRefused(transaction.Trace, session.Connection.Remote, reply.ToString());
            }

            session.Answer("message", reply);
        }
    }

    private static string Origin(SmtpSession session, MailTransaction transaction) =>
        $"by {(session.Door switch { SmtpDoor.Lmtp => "LMTP", SmtpDoor.Intake => "SMTP", _ => "submission" })} from {(transaction.Mail.Sender.IsNull ? "<>" : transaction.Mail.Sender.Text)} at {session.Connection.Remote}";

    // What went well has its row already, written together with the message. One that cannot be written holds no message up.
    private static async ValueTask NoteRefusalsAsync(SmtpSession session, MailTransaction transaction, Reply[] replies)
    {
        foreach (var (recipient, reply) in transaction.Recipients.Zip(replies).Where(static p => !p.Second.IsPositive))
        {
            await NoteAsync(session, transaction, $"{recipient.Request.Recipient.Text}, {Origin(session, transaction)}: {reply}");
        }
    }

    private static async ValueTask NoteAsync(SmtpSession session, MailTransaction transaction, string detail)
    {
        try
        {
            await session.Services.Store.AppendLedgerAsync(transaction.Trace, MailStage.Refused, detail, CancellationToken.None);
        }
        catch (MailboxException unwritten)
        {
            session.Services.Log.LedgerFailed(transaction.Trace, unwritten);
        }
    }

    // Of a group one member may lack room while the others have the message: the sender is not told of it, the ledger is.
    private static async ValueTask NoteMembersAsync(SmtpSession session, MailTransaction transaction, IReadOnlyDictionary<long, DeliveryOutcome> outcomes)
    {
        foreach (var group in transaction.Recipients.Select(static r => r.Group).OfType<MailGroup>())
        {
            foreach (var member in group.Members.Where(m => outcomes[m.AccountId] > DeliveryOutcome.StoredBefore))
            {
                await NoteAsync(session, transaction, $"{member.Address} of group {group.Address}, {Origin(session, transaction)}: {ReplyOf(outcomes[member.AccountId], transaction)}");
            }
        }
    }

    private static Reply? Check(SmtpSession session, MailTransaction transaction)
    {
        var message = transaction.Message!;
        return transaction.Text.Fault == TextFault.LineTooLong ? new Reply(550, "5.6.0", $"A line has more than {session.Limits.TextLineBytes} bytes")
            : message.IsTooLarge ? new Reply(552, "5.3.4", $"A message has at most {session.Limits.MessageBytes} bytes")
            : message.Fault is not null ? new Reply(452, "4.3.1", "There is no room for the message now")
            : null;
    }

    private static async ValueTask<Reply[]> StoreAsync(SmtpSession session, MailTransaction transaction, CancellationToken ct)
    {
        ReadOnlyMemory<byte> content;
        try
        {
            content = transaction.Message!.Seal();
        }
        catch (IOException)
        {
            return [.. transaction.Recipients.Select(_ => new Reply(452, "4.3.1", "There is no room for the message now"))];
        }

        if (transaction.Head.Hops >= session.Limits.Hops)
        {
            return [.. transaction.Recipients.Select(_ => new Reply(554, "5.4.6", "The message goes in a circle: too many Received headers"))];
        }

        if (session.Account is { } person && session.Services.Options.RequiresOwnFrom(person)
            && SubmittedFrom.Check(content.Span, person.Id, session.Services.Addresses()) is { } strange)
        {
            return [.. transaction.Recipients.Select(_ => strange)];
        }

        session.Services.Statistics.Took(transaction.Message.Size);
        var key = KeyOf(transaction);
        var local = transaction.Recipients.SelectMany(static r => r.People);
        var outcomes = await session.Services.Delivery.DeliverAsync(local, content, key, transaction.Trace, Origin(session, transaction));
        await NoteMembersAsync(session, transaction, outcomes);
        await session.Services.Reports.SendAsync(transaction, content, outcomes);
        await session.Services.Vacations.SendAsync(transaction, content, outcomes);
        var queued = await EnqueueAsync(session, transaction, content, outcomes.Values.All(o => o <= DeliveryOutcome.StoredBefore), ct);
        return [.. transaction.Recipients.Select(r => r.IsElsewhere ? queued : ReplyOf(OutcomeFor(r, outcomes), transaction))];
    }

    /// <summary>
    /// The same for a message that is sent again because the reply was lost. Without anything that makes it one of its kind,
    /// two equal ones are two.
    /// </summary>
    private static string KeyOf(MailTransaction transaction) =>
        transaction.Head.HasMessageId || transaction.Head.Hops > 0 ? transaction.Message!.Fingerprint(transaction.Mail.Sender.Text) : transaction.Trace.ToString();

    /// <summary>Hands what goes elsewhere to the queue, last: a message that must be sent again must not wait there already.</summary>
    private static async ValueTask<Reply> EnqueueAsync(
        SmtpSession session, MailTransaction transaction, ReadOnlyMemory<byte> content, bool localDone, CancellationToken ct)
    {
        var elsewhere = transaction.Recipients.Where(static r => r.IsElsewhere).Select(static r => r.Request)
            .DistinctBy(r => r.Recipient.Text, StringComparer.Ordinal).Select(r => new OutboundRecipient(r.Recipient.Text, r.Notify, r.OriginalRecipient)).ToArray();
        if (elsewhere.Length == 0 || !localDone)
        {
            return new Reply(451, "4.3.0", "Other recipients could not be served; send it again");
        }

        var envelope = new OutboundEnvelope
        {
            Sender = transaction.Mail.Sender.Text, Recipients = elsewhere, Utf8 = transaction.Mail.Utf8, EightBit = transaction.Mail.EightBit,
            EnvelopeId = transaction.Mail.EnvelopeId, Return = transaction.Mail.Return, AccountId = session.Account!.Id, Trace = transaction.Trace,
        };
        try
        {
            var entry = await session.Services.Outbound!.EnqueueAsync(envelope, content, ct);
            session.Services.Log.Queued(transaction.Trace, session.Account.Id, entry);
            return new Reply(250, "2.0.0", $"Queued as {entry}");
        }
        catch (OutboundRefusedException never) when (never.IsForever)
        {
            return new Reply(554, "5.6.0", never.Message);
        }
        catch (OutboundRefusedException)
        {
            return new Reply(452, "4.3.1", "The queue takes no more now");
        }
    }

    /// <summary>
    /// For a group: what could be mended by sending again comes first, for whoever has the message gets it once. Else one member who has it makes it
    /// good: the others' rows in the ledger say what kept it from them.
    /// </summary>
    private static DeliveryOutcome OutcomeFor(AcceptedRecipient recipient, IReadOnlyDictionary<long, DeliveryOutcome> outcomes)
    {
        var all = recipient.People.Select(p => outcomes[p.AccountId]).ToArray();
        return all.Length == 0 ? DeliveryOutcome.Gone
            : all.FirstOrDefault(static o => o is DeliveryOutcome.Failed or DeliveryOutcome.NoRoom, all.Min());
    }

    private static Reply ReplyOf(DeliveryOutcome outcome, MailTransaction transaction) => outcome switch
    {
        DeliveryOutcome.Stored or DeliveryOutcome.StoredBefore => new Reply(250, "2.0.0", $"Stored as {transaction.Trace}"),
        DeliveryOutcome.Gone => new Reply(550, "5.1.1", "Nobody here has this address"),
        DeliveryOutcome.TooLarge => new Reply(552, "5.3.4", "The mail store takes no message of this size"),
        DeliveryOutcome.OverQuota => new Reply(552, "5.2.2", "The mailbox is full"),
        DeliveryOutcome.NoRoom => new Reply(452, "4.3.1", "There is no room for the message now"),
        _ => new Reply(451, "4.3.0", "The mail store takes nothing now"),
    };

    /// <summary>
    /// One reply for all: good only when all are. One that could be mended by sending again comes before one that could not; where some
    /// have the message already, sending again gives it to them once.
    /// </summary>
    private static Reply Combine(IReadOnlyList<Reply> replies)
    {
        var worst = replies.Where(r => !r.IsPositive).OrderBy(r => r.Code).ToArray();
        return worst.Length == 0 ? replies[0]
            : worst[0].Code >= 500 && worst.Length < replies.Count ? new Reply(451, "4.3.0", "Not all recipients could be served; send it again")
            : worst[0];
    }
}
