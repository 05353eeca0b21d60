using Postbell.Core;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>One attempt to hand a message to the next servers: who was reached is noted after each transaction.</summary>
internal sealed class OutboundAttempt(OutboundWays ways, OutboundStore store, OutboundCounters counters, TimeProvider time)
{
    // RFC 5321 section 4.5.3.1.8: at least so many every server takes.
    private const int MaxRecipients = 100;

    /// <summary>Sends to all recipients that are pending, one place after the other. Returns the entry with what became of each; a place that is not there is no error.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="keep">Called after each transaction with what is known then, to make it durable.</param>
    /// <param name="cancellation">Ends it; what was kept is kept.</param>
    public async Task<OutboundEntry> RunAsync(OutboundEntry entry, Action<OutboundEntry> keep, CancellationToken cancellation)
    {
        foreach (var place in entry.Pending.Select(static d => d.Recipient).GroupBy(r => ways.PlaceOf(r.Address)).ToArray())
        {
            foreach (var batch in place.Chunk(MaxRecipients))
            {
                var (after, isThere) = await SendAsync(entry, place.Key, batch, cancellation).ConfigureAwait(false);
                entry = after;
                keep(entry);
                if (!isThere)
                {
                    break;
                }
            }
        }

        return entry;
    }

    private async Task<(OutboundEntry After, bool IsThere)> SendAsync(OutboundEntry entry, string place, OutboundRecipient[] batch, CancellationToken cancellation)
    {
        var content = store.OpenContent(entry.Id);
        await using var closing = content.ConfigureAwait(false);
        try
        {
            var outcomes = await ways.SendAsync(entry.ToMail(batch), content, cancellation).ConfigureAwait(false);
            return (outcomes.Aggregate(entry, Note), true);
        }
        catch (SmtpSessionException failed)
        {
            counters.CountSessionFailure();
            var after = entry.With(
                d => d.State == OutboundRecipientState.Pending && ways.PlaceOf(d.Recipient.Address) == place,
                d => d with { Server = place, LastAnswer = failed.Message, IsServersWord = false, Status = StatusOf(failed.Reason), LastAttemptAt = time.GetUtcNow() });
            return (after, false);
        }
    }

    private OutboundEntry Note(OutboundEntry entry, SmtpOutcome outcome) => entry.With(
        d => d.State == OutboundRecipientState.Pending && d.Recipient.Address == outcome.Address,
        d => d with
        {
            State = outcome.Reply.IsPositive ? OutboundRecipientState.Sent : outcome.Reply.IsPermanent ? OutboundRecipientState.Failed : OutboundRecipientState.Pending,
            Status = outcome.Reply.EnhancedCode ?? (outcome.Reply.IsPositive ? "2.0.0" : outcome.Reply.IsPermanent ? "5.0.0" : "4.0.0"),
            Server = outcome.Server,
            LastAnswer = outcome.Reply.Text,
            IsServersWord = !outcome.Reply.IsOwn,
            LastAttemptAt = time.GetUtcNow(),
            ReportsPassedOn = outcome.ReportsPassedOn,
        });

    // RFC 3463 section 3.5.
    private static string StatusOf(SmtpSessionFailure reason) => reason switch
    {
        SmtpSessionFailure.NameUnknown => "4.4.3",
        SmtpSessionFailure.Unreachable => "4.4.1",
        SmtpSessionFailure.Timeout or SmtpSessionFailure.Closed => "4.4.2",
        SmtpSessionFailure.Malformed => "4.5.0",
        SmtpSessionFailure.Tls or SmtpSessionFailure.Authentication => "4.7.0",
        _ => "4.3.0",
    };
}
