using System.Globalization;
using System.Text;

namespace Postbell.Smtp.Client;

/// <summary>MAIL and RCPT with the parameters that the server knows.</summary>
internal sealed class SmtpEnvelopeCommands(OutgoingMail mail, SmtpCapabilities server)
{
    public string Mail
    {
        get
        {
            var command = new StringBuilder($"MAIL FROM:<{mail.Sender}>");
            Add(command, server.Size, string.Create(CultureInfo.InvariantCulture, $"SIZE={mail.Size}"));
            Add(command, server.EightBit && mail.IsEightBit, "BODY=8BITMIME");
            Add(command, server.Utf8 && NeedsUtf8, "SMTPUTF8");
            Add(command, server.Dsn && mail.Return != DsnReturn.Unspecified, mail.Return == DsnReturn.Full ? "RET=FULL" : "RET=HDRS");
            var id = SmtpText.EnvelopeId(mail.EnvelopeId);
            Add(command, server.Dsn && id is not null, "ENVID=" + id);
            return command.Append("\r\n").ToString();
        }
    }

    private bool NeedsUtf8 => mail.HasEightBitHeader || !SmtpText.IsAscii(mail.Sender) || mail.Recipients.Any(static r => !SmtpText.IsAscii(r.Address));

    public string Recipient(OutboundRecipient recipient)
    {
        var command = new StringBuilder($"RCPT TO:<{recipient.Address}>");
        if (server.Dsn)
        {
            Add(command, recipient.Notify != DsnNotify.Unspecified, "NOTIFY=" + Notify(recipient.Notify));
            // RFC 3461 section 5.2.1: the original recipient is kept; it has a type and then xtext.
            var original = recipient.OriginalRecipient?.Split(';', 2);
            Add(command, original is [{ Length: > 0 }, _] && SmtpText.IsAscii(original[0]), "ORCPT=" + SmtpText.ToXText(original?[0] ?? "") + ";" + SmtpText.ToXText(original is [_, var address] ? address : ""));
        }

        return command.Append("\r\n").ToString();
    }

    private static void Add(StringBuilder command, bool wanted, string parameter)
    {
        if (wanted)
        {
            command.Append(' ').Append(parameter);
        }
    }

    private static string Notify(DsnNotify notify)
    {
        if (notify.HasFlag(DsnNotify.Never))
        {
            return "NEVER";
        }

        var words = new[] { (DsnNotify.Success, "SUCCESS"), (DsnNotify.Failure, "FAILURE"), (DsnNotify.Delay, "DELAY") };
        return string.Join(',', words.Where(w => notify.HasFlag(w.Item1)).Select(static w => w.Item2));
    }
}
