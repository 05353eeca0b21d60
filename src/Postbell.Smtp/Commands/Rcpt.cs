using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>RCPT, RFC 5321 4.1.1.3: for whom. The intake takes people of this server only, so that nobody can relay through it.</summary>
internal static class Rcpt
{
    private static Reply NoSuchUser => new(550, "5.1.1", "Nobody here has this address");

    public static async ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        var transaction = session.Transaction!;
        if (!RcptRequest.TryParse(arguments.Span, transaction.Mail.Utf8, out var request, out var failure))
        {
            return SmtpParseFailureText.Describe(failure);
        }

        if (transaction.Recipients.Count >= session.Limits.Recipients)
        {
            return new Reply(452, "4.5.3", "Too many recipients; send the others another copy");
        }

        var (localPart, domain) = (request.Recipient.LocalPart, request.Recipient.Domain);
        var addresses = session.Services.Addresses();
        var local = addresses.Find(localPart, domain);
        var group = local is null ? addresses.Groups.Find(localPart, domain) : null;
        if (group is { AcceptFrom: GroupSenders.People } && session.Door != SmtpDoor.Submission)
        {
            return session.RefuseRecipient(new Reply(550, "5.7.1", "This group takes mail from people who sign in only"));
        }

        if (local is null && group is null && Refusal(session, domain, addresses.IsLocalDomain(domain)) is { } refusal)
        {
            return session.RefuseRecipient(refusal);
        }

        if (local is not null && !await HasRoomAsync(session, local.AccountId, transaction.Mail.Size, ct))
        {
            return new Reply(552, "5.2.2", "The mailbox is full");
        }

        transaction.Recipients.Add(new AcceptedRecipient(request, local, group));
        session.Go(SessionState.Recipients);
        return new Reply(250, "2.1.5", "Recipient taken");
    }

    private static Reply? Refusal(SmtpSession session, string domain, bool isLocalDomain) =>
        isLocalDomain || domain.Length == 0 ? NoSuchUser
        : session.Door != SmtpDoor.Submission ? new Reply(550, "5.7.1", "Mail for other domains is not taken here")
        : session.Services.Outbound is null ? new Reply(550, "5.7.1", "This server sends no mail to other servers")
        : domain[0] == '[' ? new Reply(550, "5.1.2", "Mail is not sent to bare addresses of hosts")
        : null;

    // Said before the message comes; what is stored meanwhile is looked at again by the store.
    private static async ValueTask<bool> HasRoomAsync(SmtpSession session, long account, long size, CancellationToken ct)
    {
        try
        {
            var usage = await session.Services.Store.ReadUsageAsync(account, ct);
            return usage.Level != QuotaLevel.Full && usage.HasRoomFor(size, 1);
        }
        catch (MailboxException)
        {
            // Gone since the directory was read: the delivery says so.
            return true;
        }
    }
}
