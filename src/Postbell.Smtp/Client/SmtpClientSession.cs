using System.Buffers;
using System.Globalization;
using System.Text;

namespace Postbell.Smtp.Client;

/// <summary>
/// The client's side of a conversation (RFC 5321) with a server that has let us in. It uses what the server offers of PIPELINING, CHUNKING, SIZE,
/// 8BITMIME, SMTPUTF8 and DSN. Several messages may follow each other.
/// </summary>
public sealed class SmtpClientSession : IAsyncDisposable
{
    private const int BlockBytes = 32 << 10;
    private readonly SmtpConnection _connection;
    private readonly SmtpRoute _route;

    internal SmtpClientSession(SmtpConnection connection, SmtpRoute route, SmtpCapabilities capabilities, bool isProtected) =>
        (_connection, _route, Capabilities, IsProtected) = (connection, route, capabilities, isProtected);

    /// <summary>What the server offers.</summary>
    public SmtpCapabilities Capabilities { get; }

    /// <summary>True within TLS.</summary>
    public bool IsProtected { get; }

    /// <summary>Host and port of the server.</summary>
    public string Server => _route.ToString();

    /// <summary>Messages that were begun.</summary>
    public int Messages { get; private set; }

    /// <summary>Connects, and goes as far as MAIL may come next.</summary>
    /// <param name="route">Where to.</param>
    /// <param name="heloName">Our host name.</param>
    /// <param name="time">The clock of the timeouts.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="SmtpSessionException">It came to nothing; the reason is named.</exception>
    public static Task<SmtpClientSession> OpenAsync(SmtpRoute route, string heloName, TimeProvider time, CancellationToken cancellation) =>
        new SmtpOpening(route, heloName, time).OpenAsync(cancellation);

    /// <summary>Sends a message; says of each recipient, in the order given, what became of it.</summary>
    /// <param name="mail">Envelope and size.</param>
    /// <param name="content">The content with CRLF line ends only, as long as <see cref="OutgoingMail.Size"/> says.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="SmtpSessionException">
    /// The session broke. After the end of the content was sent nobody knows whether the server has the message: it will be sent again.
    /// </exception>
    public async Task<IReadOnlyList<SmtpOutcome>> SendAsync(OutgoingMail mail, Stream content, CancellationToken cancellation)
    {
        if (RefuseUnasked(mail) is { } cannot)
        {
            return [.. mail.Recipients.Select(r => new SmtpOutcome(r.Address, cannot, Server))];
        }

        Messages++;
        var replies = new SmtpReply?[mail.Recipients.Count];
        var accepted = await SendEnvelopeAsync(mail, replies, cancellation).ConfigureAwait(false);
        SmtpReply? refusal = null;
        if (accepted > 0)
        {
            refusal = await SendContentAsync(mail, content, cancellation).ConfigureAwait(false);
        }

        return [.. mail.Recipients.Select((r, i) => new SmtpOutcome(r.Address, replies[i] is { IsPositive: false } no ? no : refusal!, Server, Capabilities.Dsn))];
    }

    /// <summary>Makes ready for the next message. False when the server is gone.</summary>
    public async Task<bool> TryResetAsync(CancellationToken cancellation)
    {
        try
        {
            return (await AskAsync("RSET", _route.Timeouts.Reset, cancellation).ConfigureAwait(false)).IsPositive;
        }
        catch (SmtpSessionException)
        {
            return false;
        }
    }

    /// <summary>Says good-bye; a server that does not answer is left.</summary>
    public async Task QuitAsync(CancellationToken cancellation)
    {
        try
        {
            _ = await AskAsync("QUIT", _route.Timeouts.Quit, cancellation).ConfigureAwait(false);
        }
        catch (SmtpSessionException)
        {
            // Everything of weight was answered before.
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private SmtpReply? RefuseUnasked(OutgoingMail mail)
    {
        var needsUtf8 = mail.HasEightBitHeader || !SmtpText.IsAscii(mail.Sender) || mail.Recipients.Any(static r => !SmtpText.IsAscii(r.Address));
        return mail switch
        {
            _ when mail.Sender.Length > 0 && !SmtpText.IsPath(mail.Sender) => SmtpReply.Own(553, "5.1.7 The sender's address cannot be written in SMTP"),
            _ when needsUtf8 && !Capabilities.Utf8 => SmtpReply.Own(550, "5.6.7 The next server takes no characters outside ASCII in addresses and headers"),
            _ when mail.IsEightBit && !Capabilities.EightBit => SmtpReply.Own(554, "5.6.3 The next server takes no 8-bit content"),
            _ when Capabilities.MaxSize > 0 && mail.Size > Capabilities.MaxSize => SmtpReply.Own(
                552, string.Create(CultureInfo.InvariantCulture, $"5.3.4 The message has {mail.Size} bytes, the next server takes {Capabilities.MaxSize}")),
            _ => null,
        };
    }

    // How many recipients are taken.
    private async Task<int> SendEnvelopeAsync(OutgoingMail mail, SmtpReply?[] replies, CancellationToken cancellation)
    {
        var command = new SmtpEnvelopeCommands(mail, Capabilities);
        for (var i = 0; i < replies.Length; i++)
        {
            // An address that could end its command and begin another is never sent.
            replies[i] = SmtpText.IsPath(mail.Recipients[i].Address) ? null : SmtpReply.Own(553, "5.1.3 The address cannot be written in SMTP");
        }

        var asked = Enumerable.Range(0, replies.Length).Where(i => replies[i] is null).ToArray();
        if (asked.Length == 0)
        {
            return 0;
        }

        var commands = new[] { command.Mail }.Concat(asked.Select(i => command.Recipient(mail.Recipients[i]))).ToArray();
        if (Capabilities.Pipelining)
        {
            await WriteAsync(string.Concat(commands), cancellation).ConfigureAwait(false);
        }

        var from = await NextAsync(commands[0], cancellation).ConfigureAwait(false);
        for (var i = 0; i < asked.Length && (from.IsPositive || Capabilities.Pipelining); i++)
        {
            replies[asked[i]] = await NextAsync(commands[i + 1], cancellation).ConfigureAwait(false);
        }

        if (!from.IsPositive)
        {
            Array.ForEach(asked, i => replies[i] = from);
        }

        return asked.Count(i => replies[i]!.IsPositive);
    }

    private async Task<SmtpReply> NextAsync(string command, CancellationToken cancellation)
    {
        if (!Capabilities.Pipelining)
        {
            await WriteAsync(command, cancellation).ConfigureAwait(false);
        }

        return await _connection.ReadReplyAsync(_route.Timeouts.Command, cancellation).ConfigureAwait(false);
    }

    private async Task<SmtpReply> SendContentAsync(OutgoingMail mail, Stream content, CancellationToken cancellation)
    {
        if (Capabilities.Chunking)
        {
            await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"BDAT {mail.Size} LAST\r\n"), cancellation).ConfigureAwait(false);
            await CopyAsync(content, mail.Size, static (piece, output) => output.Write(piece), cancellation).ConfigureAwait(false);
        }
        else
        {
            var go = await AskAsync("DATA", _route.Timeouts.Data, cancellation).ConfigureAwait(false);
            if (go.Code != 354)
            {
                return go.IsPositive ? SmtpReply.Own(451, "4.5.0 " + go.Text + " in answer to DATA") : go;
            }

            await CopyAsync(content, mail.Size, new DotStuffer().Write, cancellation).ConfigureAwait(false);
            await WriteAsync(".\r\n", cancellation).ConfigureAwait(false);
        }

        var end = await _connection.ReadReplyAsync(_route.Timeouts.End, cancellation).ConfigureAwait(false);
        return end.Code is >= 300 and < 400 ? SmtpReply.Own(451, "4.5.0 " + end.Text + " in answer to the message") : end;
    }

    private async Task CopyAsync(Stream content, long size, SpanAction write, CancellationToken cancellation)
    {
        var block = new byte[BlockBytes];
        var output = new ArrayBufferWriter<byte>(BlockBytes + 1024);
        var left = size;
        while (await content.ReadAsync(block, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            left -= read;
            output.ResetWrittenCount();
            write(block.AsSpan(0, read), output);
            await _connection.WriteAsync(output.WrittenMemory, _route.Timeouts.Block, cancellation).ConfigureAwait(false);
        }

        if (left != 0)
        {
            // The server counts on the size: the rest of this conversation would be read as content, or the content as commands.
            throw new InvalidDataException($"The content of the message is {left} bytes shorter than its size.");
        }
    }

    private async Task<SmtpReply> AskAsync(string command, TimeSpan timeout, CancellationToken cancellation)
    {
        await WriteAsync(command + "\r\n", cancellation).ConfigureAwait(false);
        return await _connection.ReadReplyAsync(timeout, cancellation).ConfigureAwait(false);
    }

    private Task WriteAsync(string text, CancellationToken cancellation) =>
        _connection.WriteAsync(Encoding.UTF8.GetBytes(text), _route.Timeouts.Command, cancellation);

    private delegate void SpanAction(ReadOnlySpan<byte> piece, IBufferWriter<byte> output);
}
