using System.Collections.Concurrent;
using Postbell.Core;
using Postbell.Mailbox.Messages;
using Postbell.Mailbox.Storage.Sqlite;
using Postbell.Mailbox.Vacations;
using Postbell.Mime;

namespace Postbell.Mailbox;

/// <content>Automatic replies of people who are away.</content>
public sealed partial class MailStore
{
    private static readonly TimeSpan s_shortestVacationPeriod = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longestVacationPeriod = TimeSpan.FromDays(365);

    // Who has a reply switched on: everybody else's messages are not looked at.
    private readonly ConcurrentDictionary<long, byte> _away = new();

    /// <summary>Sets a person's automatic reply. Everybody gets the new one once, whoever had the one before.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.NoSuchAccount"/>; <see cref="MailboxFailure.InvalidVacation"/>: text, subject or times are out of bounds.</exception>
    public async Task SetVacationAsync(long accountId, Vacation vacation, CancellationToken ct)
    {
        if (WhyNot(vacation) is { } wrong)
        {
            throw new MailboxException(MailboxFailure.InvalidVacation, wrong);
        }

        await ChangeAccountAsync(accountId, scope => VacationTable.Set(scope.Sql, accountId, vacation), ct).ConfigureAwait(false);
        if (vacation.Enabled)
        {
            _away.TryAdd(accountId, 0);
        }
        else
        {
            _away.TryRemove(accountId, out _);
        }
    }

    /// <summary>A person's automatic reply; null when none was ever set.</summary>
    public Task<Vacation?> FindVacationAsync(long accountId, CancellationToken ct) => Readers.ReadAsync(sql => VacationTable.Find(sql, accountId), ct);

    /// <summary>
    /// The reply that a message just delivered gets, or null: the person is not away, the message is none to reply to (<see cref="ReplyVerdict"/>), or its
    /// sender got one lately. A reply that was handed out counts as sent, also after a crash. For those who are not away it costs nothing.
    /// </summary>
    /// <param name="accountId">Whose mailbox took the message.</param>
    /// <param name="sender">Sender of the envelope; empty for none.</param>
    /// <param name="message">The message.</param>
    /// <param name="from">The person's address that the reply is sent from.</param>
    /// <param name="isOwn">True for an address (local part, domain) of the person: one of them must be in To or Cc.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<VacationReply?> TryTakeVacationReplyAsync(
        long accountId, string sender, ReadOnlyMemory<byte> message, string from, Func<string, string, bool> isOwn, CancellationToken ct)
    {
        if (!_away.ContainsKey(accountId))
        {
            return null;
        }

        var now = _time.GetUtcNow();
        var (vacation, person) = await Readers.ReadAsync(sql => (VacationTable.Find(sql, accountId), AccountTable.Find(sql, accountId)), ct).ConfigureAwait(false);
        if (vacation?.IsActive(now) != true || person is null)
        {
            return null;
        }

        var structure = MimeParser.Parse(message.Span);
        var header = message[..(int)Math.Min(structure.BodyStart, MimeLimits.Default.MaxHeaderBytes)];
        var envelope = structure.Envelope ?? new MimeEnvelope();
        if (VacationRules.Judge(sender, header.Span, envelope, MessageProfile.ReadKind(header.Span), isOwn) != ReplyVerdict.Reply
            || !await Writer.WriteAsync(scope => VacationTable.TryTake(scope.Sql, accountId, sender.ToLowerInvariant(), now, vacation.Every), ct).ConfigureAwait(false))
        {
            return null;
        }

        var id = TraceId.New(_time);
        return new VacationReply(id, VacationComposer.Compose(vacation, person, from, sender, envelope, id, now));
    }

    private static string? WhyNot(Vacation vacation) =>
        vacation.Text.Length > Vacation.MaxText || (vacation.Enabled && string.IsNullOrWhiteSpace(vacation.Text)) ? $"The text of an automatic reply has 1 to {Vacation.MaxText} characters."
        : vacation.Subject.Length > Vacation.MaxSubject || vacation.Subject.Any(char.IsControl) ? $"The subject of an automatic reply has at most {Vacation.MaxSubject} characters in one line."
        : vacation.From >= vacation.Until ? "An automatic reply ends after it begins."
        : vacation.Every < s_shortestVacationPeriod || vacation.Every > s_longestVacationPeriod ? "The same sender gets an automatic reply once in 1 to 365 days."
        : null;
}
