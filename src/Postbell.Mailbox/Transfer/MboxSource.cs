using System.Globalization;
using System.Runtime.CompilerServices;

namespace Postbell.Mailbox.Transfer;

/// <summary>
/// Reads an mbox file. A line "From " with a date begins a message when it follows an empty line or is the first; anything else that begins so is text. Line ends
/// become CRLF, quoted "From " lines lose one quote, flags come out of their header fields. Nothing of it needs a line or a message in memory.
/// </summary>
internal sealed class MboxSource(Stream file, string name, Func<MessageSpool> newSpool)
{
    private readonly LinePieces _lines = new(file);
    private IncomingFileMessage? _message;
    private int _number;
    private long _emptyLines;
    private bool _inHeader;
    private bool _headerJustEnded;
    private bool _droppingField;

    /// <summary>Each message; whoever takes one disposes of it.</summary>
    /// <exception cref="MailboxException"><see cref="MailboxFailure.BackupFailed"/>: the file is no mbox.</exception>
    public async IAsyncEnumerable<IncomingFileMessage> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            while (await _lines.MoveNextAsync(ct).ConfigureAwait(false))
            {
                var whole = _lines is { Begins: true, Ends: true };
                if (whole && (_message is null || _emptyLines > 0 || _headerJustEnded) && MboxHead.TryParse(_lines.Current.Span, out var date))
                {
                    if (Finish() is { } done)
                    {
                        yield return done;
                    }

                    Begin(date);
                }
                else
                {
                    Take(_lines.Current.Span, whole);
                }
            }

            if (Finish() is { } last)
            {
                yield return last;
            }
        }
        finally
        {
            _message?.Dispose();
        }
    }

    private void Begin(DateTimeOffset date)
    {
        _message = new IncomingFileMessage(newSpool(), string.Create(CultureInfo.InvariantCulture, $"{name}, message {++_number}")) { Date = date };
        (_inHeader, _headerJustEnded, _droppingField, _emptyLines) = (true, false, false, 0);
    }

    // The empty line before the next message belongs to the file, not to the message.
    private IncomingFileMessage? Finish()
    {
        if (_message is { } done)
        {
            PutEmptyLines(_emptyLines - 1);
            _message = null;
            return done;
        }

        return null;
    }

    private void Take(ReadOnlySpan<byte> piece, bool whole)
    {
        if (_message is not { } message)
        {
            if (piece.IsEmpty)
            {
                return;
            }

            throw new MailboxException(MailboxFailure.BackupFailed, $"{name} is no mbox file: it does not begin with a \"From \" line.");
        }

        if (whole && piece.IsEmpty)
        {
            TakeEmptyLine();
            return;
        }

        if (_lines.Begins)
        {
            PutEmptyLines(_emptyLines);
            (_emptyLines, _headerJustEnded) = (0, false);
            _droppingField = _inHeader && whole && IsDropped(message, piece);
            piece = Unquoted(piece);
        }

        if (_droppingField)
        {
            return;
        }

        message.Write(piece);
        if (_lines.Ends)
        {
            message.Write("\r\n"u8);
        }
    }

    private void TakeEmptyLine()
    {
        if (_inHeader)
        {
            // A message without a body may be followed by the next at once.
            (_inHeader, _headerJustEnded) = (false, true);
            _message!.Write("\r\n"u8);
            return;
        }

        _emptyLines++;
    }

    private bool IsDropped(IncomingFileMessage message, ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            return _droppingField;
        }

        var flags = message.Flags;
        var dropped = MboxHead.TryReadFlags(line, ref flags, message.Keywords);
        message.Flags = flags;
        return dropped;
    }

    private void PutEmptyLines(long count)
    {
        for (; count > 0; count--)
        {
            _message!.Write("\r\n"u8);
        }
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart((byte)'>');
        return line.Length - text.Length is > 0 and <= UnixLines.MaxQuotes + 1 && text.StartsWith("From "u8) ? line[1..] : line;
    }
}
