using Postbell.Mailbox;
using Postbell.Mime.Composing;
using Postbell.Mime.Decoding;

namespace Postbell.Imap.Ordering;

/// <summary>What of a message puts it into its thread. The envelope itself is not kept: of very many messages it would be very much.</summary>
/// <param name="Index">Sequence number less one.</param>
/// <param name="Uid">UID.</param>
/// <param name="Sent">The Date header's moment, or the internal date where there is none (RFC 5256 section 2.2); ticks, UTC.</param>
/// <param name="Subject">Base subject.</param>
/// <param name="Id">Its identifier, or null.</param>
/// <param name="References">Identifiers of those it answers, the oldest first.</param>
internal readonly record struct OrderedMessage(int Index, uint Uid, long Sent, BaseSubject Subject, string? Id, IReadOnlyList<string> References)
{
    /// <summary>Takes from a summary what is needed.</summary>
    public static OrderedMessage Of(int index, EnvelopeRow summary)
    {
        var envelope = summary.Envelope;
        var references = MessageIds.Of(envelope.References);
        return new OrderedMessage(
            index, summary.Uid, SentAt(summary), BaseSubject.Of(envelope.Subject), MessageIds.Of(envelope.MessageId).FirstOrDefault(),
            references.Count > 0 ? references : [.. MessageIds.Of(envelope.InReplyTo).Take(1)]);
    }

    /// <summary>The moment of sending, in ticks.</summary>
    public static long SentAt(EnvelopeRow summary) =>
        (MailDate.TryParseMoment(summary.Envelope.Date, out var moment) ? moment : summary.InternalDate).UtcTicks;
}
