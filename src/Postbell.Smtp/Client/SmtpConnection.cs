using System.Buffers;
using System.Net.Security;
using System.Security.Authentication;

namespace Postbell.Smtp.Client;

/// <summary>Bytes to and replies from a server, each with a longest wait.</summary>
internal sealed class SmtpConnection(Stream stream, string peer, TimeProvider time) : IAsyncDisposable
{
    // A whole reply fits: what is longer is refused by the parser before.
    private readonly byte[] _input = new byte[SmtpReplyParser.MaxLine * (SmtpReplyParser.MaxLines + 1)];
    private Stream _stream = stream;
    private int _length;

    public async Task<SmtpReply> ReadReplyAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        while (true)
        {
            var status = SmtpReplyParser.Read(_input.AsSpan(0, _length), out var reply, out var consumed);
            if (status == SmtpReplyStatus.Complete)
            {
                _length -= consumed;
                _input.AsSpan(consumed, _length).CopyTo(_input);
                return reply!;
            }

            if (status != SmtpReplyStatus.Incomplete)
            {
                throw new SmtpSessionException(SmtpSessionFailure.Malformed, $"{peer} sent what is no SMTP reply: {status}");
            }

            var read = await LimitedAsync(timeout, limit => _stream.ReadAsync(_input.AsMemory(_length), limit), "did not answer", cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new SmtpSessionException(SmtpSessionFailure.Closed, $"{peer} closed the connection");
            }

            _length += read;
        }
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan timeout, CancellationToken cancellation) => LimitedAsync(
        timeout,
        async limit =>
        {
            await _stream.WriteAsync(bytes, limit).ConfigureAwait(false);
            await _stream.FlushAsync(limit).ConfigureAwait(false);
            return 0;
        },
        "does not take what is sent",
        cancellation);

    /// <summary>Goes on within TLS. What somebody put behind the answer to STARTTLS was not said under its protection: then it ends here.</summary>
    public async Task ProtectAsync(SslClientAuthenticationOptions options, TimeSpan timeout, CancellationToken cancellation)
    {
        if (_length > 0)
        {
            throw new SmtpSessionException(SmtpSessionFailure.Tls, $"{peer} sent more than its answer before TLS began; nothing of it is believed");
        }

        var protectedStream = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = protectedStream;
        try
        {
            await LimitedAsync(
                timeout,
                async limit =>
                {
                    await protectedStream.AuthenticateAsClientAsync(options, limit).ConfigureAwait(false);
                    return 0;
                },
                "did not finish the TLS handshake",
                cancellation).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is AuthenticationException or SmtpSessionException)
        {
            throw new SmtpSessionException(SmtpSessionFailure.Tls, $"TLS with {peer}: {failed.InnerException?.Message ?? failed.Message}", failed);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<T> LimitedAsync<T>(TimeSpan timeout, Func<CancellationToken, ValueTask<T>> work, string otherwise, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SmtpSessionException(SmtpSessionFailure.Timeout, $"{peer} {otherwise} within {timeout.TotalSeconds:0} s");
        }
        catch (IOException broken)
        {
            throw new SmtpSessionException(SmtpSessionFailure.Closed, $"the connection to {peer} broke: {broken.Message}", broken);
        }
    }
}
