using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Postbell.Smtp.Client;

/// <summary>The beginning of a session: connection, greeting, EHLO, STARTTLS, AUTH.</summary>
internal sealed class SmtpOpening(SmtpRoute route, string heloName, TimeProvider time)
{
    public async Task<SmtpClientSession> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(route.Tls, cancellation).ConfigureAwait(false);
        }
        catch (SmtpSessionException failed) when (failed.Reason == SmtpSessionFailure.Tls && route is { Tls: SmtpTlsUse.Opportunistic, ImplicitTls: false, User: null })
        {
            // RFC 7435: a server whose TLS does not work gets it in clear, as the one that offers none.
            return await OpenAsync(SmtpTlsUse.None, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<SmtpClientSession> OpenAsync(SmtpTlsUse tls, CancellationToken cancellation)
    {
        var connection = new SmtpConnection(await ConnectAsync(cancellation).ConfigureAwait(false), route.ToString(), time);
        try
        {
            return await GreetAsync(connection, tls, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(route.Timeouts.Connect, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (route.Address is { } address ? socket.ConnectAsync(address, route.Port, either.Token) : socket.ConnectAsync(route.Host, route.Port, either.Token)).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failed)
        {
            socket.Dispose();
            if (failed is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                throw new SmtpSessionException(SmtpSessionFailure.Unreachable, $"{route} cannot be reached: {(failed is SocketException ? failed.Message : "no answer")}", failed);
            }

            throw;
        }
    }

    private async Task<SmtpClientSession> GreetAsync(SmtpConnection connection, SmtpTlsUse tls, CancellationToken cancellation)
    {
        var isProtected = route.ImplicitTls && tls != SmtpTlsUse.None;
        if (isProtected)
        {
            await connection.ProtectAsync(TlsOptions(tls), route.Timeouts.Command, cancellation).ConfigureAwait(false);
        }

        var greeting = await connection.ReadReplyAsync(route.Timeouts.Command, cancellation).ConfigureAwait(false);
        Expect(greeting, 220, "greeting");
        var capabilities = await HelloAsync(connection, cancellation).ConfigureAwait(false);
        if (!isProtected && tls != SmtpTlsUse.None && capabilities.StartTls)
        {
            Expect(await AskAsync(connection, "STARTTLS", cancellation).ConfigureAwait(false), 220, "STARTTLS", SmtpSessionFailure.Tls);
            await connection.ProtectAsync(TlsOptions(tls), route.Timeouts.Command, cancellation).ConfigureAwait(false);
            isProtected = true;
            // What was said in clear counts no more (RFC 3207 section 4.2).
            capabilities = await HelloAsync(connection, cancellation).ConfigureAwait(false);
        }

        if (!isProtected && tls is (SmtpTlsUse.Required or SmtpTlsUse.Verified))
        {
            throw new SmtpSessionException(SmtpSessionFailure.Tls, $"{route} does not offer STARTTLS, and nothing may go there in clear");
        }

        if (route.User is not null)
        {
            await SignInAsync(connection, capabilities, isProtected, cancellation).ConfigureAwait(false);
        }

        return new SmtpClientSession(connection, route, capabilities, isProtected);
    }

    private async Task<SmtpCapabilities> HelloAsync(SmtpConnection connection, CancellationToken cancellation)
    {
        var reply = await AskAsync(connection, "EHLO " + heloName, cancellation).ConfigureAwait(false);
        if (reply.Code == 250)
        {
            return SmtpCapabilities.Read(reply);
        }

        if (reply.Code is >= 500 and <= 504)
        {
            Expect(await AskAsync(connection, "HELO " + heloName, cancellation).ConfigureAwait(false), 250, "HELO");
            return SmtpCapabilities.None;
        }

        Expect(reply, 250, "EHLO");
        return SmtpCapabilities.None;
    }

    private async Task SignInAsync(SmtpConnection connection, SmtpCapabilities capabilities, bool isProtected, CancellationToken cancellation)
    {
        if (!isProtected && route.Tls != SmtpTlsUse.None)
        {
            throw new SmtpSessionException(SmtpSessionFailure.Authentication, $"{route} offers no TLS, and the password is not sent in clear");
        }

        var (user, password) = (route.User!, route.Password());
        if (capabilities.Mechanisms.Contains("PLAIN", StringComparer.Ordinal))
        {
            var reply = await AskAsync(connection, "AUTH PLAIN " + Base64($"\0{user}\0{password}"), cancellation).ConfigureAwait(false);
            Expect(reply, 235, "AUTH PLAIN", SmtpSessionFailure.Authentication);
        }
        else if (capabilities.Mechanisms.Contains("LOGIN", StringComparer.Ordinal))
        {
            Expect(await AskAsync(connection, "AUTH LOGIN", cancellation).ConfigureAwait(false), 334, "AUTH LOGIN", SmtpSessionFailure.Authentication);
            Expect(await AskAsync(connection, Base64(user), cancellation).ConfigureAwait(false), 334, "the user name", SmtpSessionFailure.Authentication);
            Expect(await AskAsync(connection, Base64(password), cancellation).ConfigureAwait(false), 235, "the password", SmtpSessionFailure.Authentication);
        }
        else
        {
            var offered = capabilities.Mechanisms.Count == 0 ? "no sign-in" : string.Join(' ', capabilities.Mechanisms);
            throw new SmtpSessionException(SmtpSessionFailure.Authentication, $"{route} offers {offered}; PLAIN or LOGIN is needed");
        }
    }

    private async Task<SmtpReply> AskAsync(SmtpConnection connection, string command, CancellationToken cancellation)
    {
        await connection.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), route.Timeouts.Command, cancellation).ConfigureAwait(false);
        return await connection.ReadReplyAsync(route.Timeouts.Command, cancellation).ConfigureAwait(false);
    }

    private void Expect(SmtpReply reply, int code, string what, SmtpSessionFailure otherwise = SmtpSessionFailure.Refused)
    {
        if (reply.Code != code)
        {
            throw new SmtpSessionException(otherwise, $"{route} refused {what}: {reply.Text}");
        }
    }

    private SslClientAuthenticationOptions TlsOptions(SmtpTlsUse tls)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = route.Host };
        if (tls != SmtpTlsUse.Verified)
        {
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else if (route.Authorities.Count > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(route.Authorities);
        }

        return options;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
