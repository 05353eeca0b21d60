using System.Buffers;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Receiving;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>DATA, RFC 5321 4.1.1.4. Only CRLF.CRLF ends the text; a CR or LF alone in it cuts the connection.</summary>
internal static class Data
{
    public static async ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (!arguments.Span.Trim((byte)' ').IsEmpty)
        {
            return SmtpParseFailureText.Describe(SmtpParseFailure.ArgumentNotAllowed);
        }

        var transaction = session.Transaction!;
        transaction.Message = MessageHeaders.NewMessage(session, transaction);
        transaction.Text = new TextDecoder(session.Limits.TextLineBytes - 2, dots: true);
        session.Answer("DATA", new Reply(354, "", "End with a dot on a line of its own"));
        var deadline = new Deadline(session.Services.Time, session.Services.Options);
        while (!transaction.Text.IsEnded)
        {
            var outcome = await session.Connection.ReadPiecesAsync(buffer => Take(buffer, transaction), deadline.Left);
            if (outcome != ReadOutcome.Complete)
            {
                throw new SessionEndException(outcome);
            }

            if (transaction.Text.Fault is TextFault.BareCr or TextFault.BareLf)
            {
                // Whoever sends so may believe the message ended elsewhere: nothing after it can be trusted.
                throw new SessionEndException(ReadOutcome.BareLineEnd);
            }
        }

        await MessageEnd.RunAsync(session, transaction, ct);
        return null;
    }

    private static SequencePosition Take(ReadOnlySequence<byte> buffer, MailTransaction transaction)
    {
        var taken = 0L;
        foreach (var segment in buffer)
        {
            var count = transaction.Text.Take(segment.Span, transaction.Message!);
            taken += count;
            if (count < segment.Length)
            {
                break;
            }
        }

        return buffer.GetPosition(taken);
    }
}
