using System.Text;
using Postbell.Mime;
using Postbell.Mime.Headers;

namespace Postbell.Mailbox.Vacations;

/// <summary>Which messages get an automatic reply (RFC 3834 section 2): a reply to a list, a program or nobody in particular does harm.</summary>
internal static class VacationRules
{
    private static readonly string[] s_listFields =
        ["list-id", "list-help", "list-subscribe", "list-unsubscribe", "list-post", "list-owner", "list-archive", "mailing-list", "x-mailing-list", "x-beenthere"];

    private static readonly string[] s_programs = ["mailer-daemon", "postmaster", "listserv", "majordomo", "no-reply", "noreply", "donotreply", "do-not-reply", "bounce", "bounces"];

    /// <summary>The verdict on a message.</summary>
    /// <param name="sender">Sender of the envelope; empty for none.</param>
    /// <param name="header">Header section.</param>
    /// <param name="envelope">Its addresses.</param>
    /// <param name="kind">Kind.</param>
    /// <param name="isOwn">True for an address (local part, domain) of the person.</param>
    public static ReplyVerdict Judge(string sender, ReadOnlySpan<byte> header, MimeEnvelope envelope, MessageKind kind, Func<string, string, bool> isOwn)
    {
        var at = sender.LastIndexOf('@');
        if (at <= 0 || at == sender.Length - 1 || sender.Length > 254 || sender.Any(static c => c <= ' ' || c == '\x7f' || c is '<' or '>'))
        {
            return ReplyVerdict.NoSender;
        }

        return kind != MessageKind.Mail ? ReplyVerdict.NotMail
            : IsProgram(sender[..at]) ? ReplyVerdict.SenderIsProgram
            : isOwn(sender[..at], sender[(at + 1)..]) ? ReplyVerdict.OwnMessage
            : IsAutomatic(header) ? ReplyVerdict.Automatic
            : IsFromList(header) ? ReplyVerdict.List
            : !Names(envelope.To, isOwn) && !Names(envelope.Cc, isOwn) ? ReplyVerdict.NotAddressed
            : ReplyVerdict.Reply;
    }

    private static bool IsProgram(string localPart)
    {
        var name = localPart.ToLowerInvariant();
        return s_programs.Contains(name) || name.StartsWith("owner-", StringComparison.Ordinal) || name.EndsWith("-request", StringComparison.Ordinal)
            || name.EndsWith("-owner", StringComparison.Ordinal) || name.StartsWith("bounce", StringComparison.Ordinal) || name.Contains("-bounces", StringComparison.Ordinal);
    }

    private static bool IsAutomatic(ReadOnlySpan<byte> header)
    {
        var submitted = Find(header, "auto-submitted");
        var suppressed = Find(header, "x-auto-response-suppress");
        return (submitted is not null && !submitted.Split(';')[0].Trim().Equals("no", StringComparison.OrdinalIgnoreCase))
            || (suppressed is not null && suppressed.Split(',', StringSplitOptions.TrimEntries).Any(static word => word.ToLowerInvariant() is "all" or "oof" or "autoreply"));
    }

    private static bool IsFromList(ReadOnlySpan<byte> header)
    {
        foreach (var field in s_listFields)
        {
            if (Find(header, field) is not null)
            {
                return true;
            }
        }

        return Find(header, "precedence")?.Trim().ToLowerInvariant() is "bulk" or "list" or "junk";
    }

    private static string? Find(ReadOnlySpan<byte> header, string name) => HeaderText.Find(header, Encoding.ASCII.GetBytes(name));

    private static bool Names(IReadOnlyList<MimeAddress>? addresses, Func<string, string, bool> isOwn) =>
        addresses is not null && addresses.Any(a => a is { Mailbox: { } mailbox, Host: { } host } && isOwn(mailbox, host));
}
