using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Postbell.Imap.Session;
using Postbell.Mailbox;
using Postbell.SignIn;

namespace Postbell.Imap;

/// <summary>
/// The IMAP door (RFC 3501) as a Kestrel connection handler. Listen with <c>UseConnectionHandler</c> for the port that offers STARTTLS,
/// and with <see cref="OnTlsConnectedAsync"/> for the port where TLS comes first.
/// </summary>
public sealed class ImapConnectionHandler : ConnectionHandler, IDisposable
{
    private readonly ImapServices _services;
    private readonly ConcurrentDictionary<string, int> _perAddress = new(StringComparer.Ordinal);

    /// <summary>Opens the door to a store. The desk stays the caller's, who shares it with other doors.</summary>
    public ImapConnectionHandler(MailStore store, ImapOptions options, ImapStatistics statistics, SignInDesk desk, TimeProvider time, ILoggerFactory log)
    {
        ArgumentNullException.ThrowIfNull(options);
        _services = new ImapServices(
            store,
            options,
            statistics,
            desk,
            new MailboxWatch(store),
            new SearchTurns(options.Limits.SearchesAtOnce, options.SearchTimeout, time),
            time,
            log.CreateLogger("Postbell.Imap"));
    }

    /// <summary>Serves a connection that starts in the clear, or one Kestrel has already encrypted.</summary>
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ServeAsync(connection, tlsFirst: false);
    }

    /// <summary>Serves a connection that starts with a TLS handshake (port 993): <c>listen.Run(handler.OnTlsConnectedAsync)</c>.</summary>
    public Task OnTlsConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ServeAsync(connection, tlsFirst: true);
    }

    /// <summary>Ends the subscription to the store. Connections must be closed by then.</summary>
    public void Dispose()
    {
        _services.Watch.Dispose();
        _services.SearchTurns.Dispose();
    }

    private async Task ServeAsync(ConnectionContext context, bool tlsFirst)
    {
        var remote = context.RemoteEndPoint is IPEndPoint ip ? ip.Address.ToString() : "local";
        var here = _perAddress.AddOrUpdate(remote, 1, static (_, n) => n + 1);
        _services.Statistics.Opened();
        try
        {
            var encrypted = context.Features.Get<ITlsHandshakeFeature>() is not null;
            await using var connection = new ImapConnection(
                context.Transport, encrypted, remote, () => context.Abort(), _services.Options, _services.Time, context.ConnectionClosed);
            _services.Log.Connected(remote, encrypted || tlsFirst);
            if (here > _services.Options.Limits.ConnectionsPerAddress || _services.Statistics.OpenConnections > _services.Options.Limits.Connections)
            {
                await TurnAwayAsync(connection, tlsFirst);
                return;
            }

            if (tlsFirst && !await connection.UpgradeToTlsAsync())
            {
                _services.Statistics.TlsFailed();
                _services.Log.TlsFailed(remote);
                return;
            }

            await RunSessionAsync(context, connection);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ConnectionResetException or InvalidDataException)
        {
            // The client went away, or what it sends is not compressed as it said: there is no one to tell.
        }
        catch (Exception fault)
        {
            _services.Log.ConnectionFailed(remote, fault);
        }
        finally
        {
            Leave(remote);
            _services.Statistics.Closed();
            _services.Log.Disconnected(remote);
        }
    }

    private async Task RunSessionAsync(ConnectionContext context, ImapConnection connection)
    {
        var session = new ImapSession(connection, _services);
        var lifetime = context.Features.Get<IConnectionLifetimeNotificationFeature>();
        await using var stop = lifetime?.ConnectionClosedRequested.Register(static s => ((ImapSession)s!).Stop(), session)
            ?? default(CancellationTokenRegistration);
        await session.RunAsync(context.ConnectionClosed);
    }

    private async Task TurnAwayAsync(ImapConnection connection, bool tlsFirst)
    {
        _services.Statistics.Refused();
        _services.Log.TooManyConnections(connection.Remote);
        if (!tlsFirst)
        {
            connection.Writer.Untagged("BYE [LIMIT] Too many connections");
            await connection.FlushAsync();
        }
    }

    private void Leave(string remote)
    {
        // Taken down to zero and removed in one step, so that addresses do not pile up.
        while (_perAddress.TryGetValue(remote, out var count))
        {
            var done = count <= 1
                ? _perAddress.TryRemove(new KeyValuePair<string, int>(remote, count))
                : _perAddress.TryUpdate(remote, count - 1, count);
            if (done)
            {
                return;
            }
        }
    }
}
