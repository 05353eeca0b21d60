using System.Buffers;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Receiving;
using Postbell.Smtp.Session;

namespace Postbell.Smtp.Commands;

/// <summary>BDAT, RFC 3030: a counted piece of the message. Also a refused one is read, so that its bytes are not taken for commands.</summary>
internal static class Bdat
{
    private const int MaxUseless = 1 << 20;

    public static async ValueTask<Reply?> RunAsync(SmtpSession session, ReadOnlyMemory<byte> arguments, CancellationToken ct)
    {
        if (!BdatRequest.TryParse(arguments.Span, out var request, out var failure))
        {
            // Nobody knows how many bytes follow.
            return session.Close(SmtpParseFailureText.Describe(failure));
        }

        var expected = (session.State & (SessionState.Recipients | SessionState.Chunks)) != 0;
        if (request.Length > (expected ? 2L * session.Limits.MessageBytes : MaxUseless))
        {
            return session.Close(expected ? TooLarge(session) : NotNow());
        }

        if (!expected)
        {
            await DropAsync(session, request.Length);
            return NotNow();
        }

        var transaction = session.Transaction!;
        Begin(session, transaction);
        await TakeAsync(session, transaction, request.Length);
        if (!request.IsLast)
        {
            return transaction.Failed ?? new Reply(250, "2.0.0", $"{request.Length} bytes taken");
        }

        transaction.Text.Finish();
        transaction.Failed ??= Fault(session, transaction);
        await MessageEnd.RunAsync(session, transaction, ct);
        return null;
    }

    private static Reply NotNow() => new(503, "5.5.1", "MAIL and RCPT come first");

    private static Reply TooLarge(SmtpSession session) => new(552, "5.3.4", $"A message has at most {session.Limits.MessageBytes} bytes");

    private static void Begin(SmtpSession session, MailTransaction transaction)
    {
        if (transaction.Message is null)
        {
            transaction.Message = MessageHeaders.NewMessage(session, transaction);
            transaction.Text = new TextDecoder(session.Limits.TextLineBytes - 2, dots: false);
            session.Go(SessionState.Chunks);
        }
    }

    private static async ValueTask TakeAsync(SmtpSession session, MailTransaction transaction, long length)
    {
        var deadline = new Deadline(session.Services.Time, session.Services.Options);
        while (length > 0)
        {
            var left = length;
            var outcome = await session.Connection.ReadPiecesAsync(buffer => Take(buffer, transaction, ref left), deadline.Left);
            length = left;
            if (outcome != ReadOutcome.Complete)
            {
                throw new SessionEndException(outcome);
            }

            transaction.Failed ??= Fault(session, transaction);
        }
    }

    private static SequencePosition Take(ReadOnlySequence<byte> buffer, MailTransaction transaction, ref long left)
    {
        var part = buffer.Length > left ? buffer.Slice(0, left) : buffer;
        left -= part.Length;
        foreach (var segment in part)
        {
            if (transaction.Failed is null)
            {
                transaction.Text.Take(segment.Span, transaction.Message!);
            }
        }

        return part.End;
    }

    private static Reply? Fault(SmtpSession session, MailTransaction transaction) =>
        transaction.Text.Fault is TextFault.BareCr or TextFault.BareLf ? new Reply(550, "5.6.0", "A line of the message ends with CR or LF alone")
        : transaction.Message!.IsTooLarge ? TooLarge(session)
        : null;

    private static async ValueTask DropAsync(SmtpSession session, long length)
    {
        var deadline = new Deadline(session.Services.Time, session.Services.Options);
        while (length > 0)
        {
            var left = length;
            var outcome = await session.Connection.ReadPiecesAsync(
                buffer =>
                {
                    var part = buffer.Length > left ? buffer.Slice(0, left) : buffer;
                    left -= part.Length;
                    return part.End;
                },
                deadline.Left);
            length = left;
            if (outcome != ReadOutcome.Complete)
            {
                throw new SessionEndException(outcome);
            }
        }
    }
}
