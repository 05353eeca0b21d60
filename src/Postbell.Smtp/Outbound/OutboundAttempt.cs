using Postbell.Core;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>One attempt to hand a message to the next server: who was reached is noted after each transaction.</summary>
internal sealed class OutboundAttempt(OutboundOptions options, OutboundStore store, OutboundCounters counters, TimeProvider time)
{
    // RFC 5321 section 4.5.3.1.8: at least so many every server takes.
    private const int MaxRecipients = 100;

    /// <summary>Sends to all recipients that are pending. Returns the entry with what became of each; ends early without an error when the server is not there.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="keep">Called after each transaction with what is known then, to make it durable.</param>
    /// <param name="cancellation">Ends it; what was kept is kept.</param>
    public async Task<OutboundEntry> RunAsync(OutboundEntry entry, Action<OutboundEntry> keep, CancellationToken cancellation)
    {
        var answered = new HashSet<string>();
        try
        {
            foreach (var batch in entry.Pending.Select(static d => d.Recipient).Chunk(MaxRecipients))
            {
                var session = await SmtpClientSession.OpenAsync(options.SmartHost, options.HostName, time, cancellation).ConfigureAwait(false);
                await using var closing = session.ConfigureAwait(false);
                var outcomes = await SendAsync(session, entry, batch, cancellation).ConfigureAwait(false);
                answered.UnionWith(outcomes.Select(static o => o.Address));
                entry = outcomes.Aggregate(entry, Note);
                keep(entry);
                await session.QuitAsync(cancellation).ConfigureAwait(false);
            }

            return entry;
        }
        catch (SmtpSessionException failed)
        {
            counters.CountSessionFailure();
            return entry.With(
                d => d.State == OutboundRecipientState.Pending && !answered.Contains(d.Recipient.Address),
                d => d with { LastAnswer = failed.Message, IsServersWord = false, Status = StatusOf(failed.Reason), LastAttemptAt = time.GetUtcNow() });
        }
    }

    private async Task<IReadOnlyList<SmtpOutcome>> SendAsync(SmtpClientSession session, OutboundEntry entry, OutboundRecipient[] batch, CancellationToken cancellation)
    {
        var content = store.OpenContent(entry.Id);
        await using var closing = content.ConfigureAwait(false);
        return await session.SendAsync(entry.ToMail(batch), content, cancellation).ConfigureAwait(false);
    }

    private OutboundEntry Note(OutboundEntry entry, SmtpOutcome outcome) => entry.With(
        d => d.State == OutboundRecipientState.Pending && d.Recipient.Address == outcome.Address,
        d => d with
        {
            State = outcome.Reply.IsPositive ? OutboundRecipientState.Sent : outcome.Reply.IsPermanent ? OutboundRecipientState.Failed : OutboundRecipientState.Pending,
            Status = outcome.Reply.EnhancedCode ?? (outcome.Reply.IsPositive ? "2.0.0" : outcome.Reply.IsPermanent ? "5.0.0" : "4.0.0"),
            LastAnswer = outcome.Reply.Text,
            IsServersWord = !outcome.Reply.IsOwn,
            LastAttemptAt = time.GetUtcNow(),
            ReportsPassedOn = outcome.ReportsPassedOn,
        });

    // RFC 3463 section 3.5.
    private static string StatusOf(SmtpSessionFailure reason) => reason switch
    {
        SmtpSessionFailure.Unreachable => "4.4.1",
        SmtpSessionFailure.Timeout or SmtpSessionFailure.Closed => "4.4.2",
        SmtpSessionFailure.Malformed => "4.5.0",
        SmtpSessionFailure.Tls or SmtpSessionFailure.Authentication => "4.7.0",
        _ => "4.3.0",
    };
}
