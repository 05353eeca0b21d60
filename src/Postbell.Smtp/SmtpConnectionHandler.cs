using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.SignIn;
using Postbell.Smtp.Protocol;
using Postbell.Smtp.Receiving;
using Postbell.Smtp.Session;

namespace Postbell.Smtp;

/// <summary>
/// The doors that take mail, as Kestrel connection handlers: LMTP (RFC 2033) and SMTP (RFC 5321) from the organization's mail server,
/// submission (RFC 6409) from people's mail programs. Limits hold over all of them.
/// </summary>
public sealed class SmtpConnectionHandler
{
    private readonly SmtpServices _services;
    private readonly ConcurrentDictionary<string, int> _perAddress = new(StringComparer.Ordinal);

    /// <summary>Opens the doors to a store. What is given stays the caller's.</summary>
    /// <param name="store">Where messages for people of this server go.</param>
    /// <param name="addresses">Who has which address, asked anew for each command.</param>
    /// <param name="outbound">Where submitted messages for others go; null takes none.</param>
    /// <param name="options">Settings.</param>
    /// <param name="statistics">Counts.</param>
    /// <param name="desk">Where people sign in; shared with other doors.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it logs.</param>
    /// <exception cref="IOException">The folder for incoming messages cannot be made or emptied.</exception>
    public SmtpConnectionHandler(
        MailStore store, Func<AddressBook> addresses, IOutboundQueue? outbound, SmtpOptions options, SmtpStatistics statistics, SignInDesk desk,
        TimeProvider time, ILoggerFactory log)
    {
        var logger = log.CreateLogger("Postbell.Smtp");
        var back = new ReturnMail(store, addresses, outbound);
        _services = new SmtpServices(
            store, addresses, outbound, options, statistics, desk, new LocalDelivery(store, statistics, logger), new SuccessReports(store, back, options, time, logger),
            new VacationReplies(store, addresses, back, statistics, logger), time, logger);
        System.IO.Directory.CreateDirectory(options.IncomingDirectory);
        foreach (var leftover in System.IO.Directory.EnumerateFiles(options.IncomingDirectory))
        {
            // Never promised to anyone: the reply comes after the store has it.
            File.Delete(leftover);
        }
    }

    /// <summary>Serves a door where a connection starts in the clear: <c>listen.Run(c => handler.ServeAsync(c, door))</c>.</summary>
    public Task ServeAsync(ConnectionContext connection, SmtpDoor door) => ServeAsync(connection, door, tlsFirst: false);

    /// <summary>Serves submission where TLS comes first (port 465, RFC 8314).</summary>
    public Task ServeTlsAsync(ConnectionContext connection) => ServeAsync(connection, SmtpDoor.Submission, tlsFirst: true);

    private async Task ServeAsync(ConnectionContext context, SmtpDoor door, bool tlsFirst)
    {
        ArgumentNullException.ThrowIfNull(context);
        var address = (context.RemoteEndPoint as IPEndPoint)?.Address is { } ip ? ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip : null;
        var remote = address?.ToString() ?? "local";
        var here = _perAddress.AddOrUpdate(remote, 1, static (_, n) => n + 1);
        _services.Statistics.Opened();
        try
        {
            var encrypted = context.Features.Get<ITlsHandshakeFeature>() is not null;
            await using var connection = new SmtpConnection(
                context.Transport, encrypted, remote, () => context.Abort(), _services.Options, _services.Time, context.ConnectionClosed);
            _services.Log.Connected(door, remote);
            var trusted = door != SmtpDoor.Submission && (address is null || _services.Options.TrustedPeers.Any(net => net.Contains(address)));
            if (Refusal(door, trusted, here) is { } refusal)
            {
                await TurnAwayAsync(connection, door, refusal, tlsFirst);
            }
            else if (tlsFirst && !await connection.UpgradeToTlsAsync())
            {
                _services.Statistics.TlsFailed();
                _services.Log.TlsFailed(door, remote);
            }
            else
            {
                await RunSessionAsync(context, connection, door, trusted);
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ConnectionResetException or SessionEndException)
        {
            // The client went away; there is no one to tell.
        }
        catch (Exception fault)
        {
            _services.Log.ConnectionFailed(door, remote, fault);
        }
        finally
        {
            Leave(remote);
            _services.Statistics.Closed();
        }
    }

    private Reply? Refusal(SmtpDoor door, bool trusted, int here)
    {
        var limits = _services.Options.Limits;
        return door != SmtpDoor.Submission && !trusted ? new Reply(554, "5.7.1", "Mail is taken from the organization's mail server only")
            : _services.Statistics.OpenConnections > limits.Connections || !trusted && here > limits.ConnectionsPerAddress
                ? new Reply(421, "4.7.0", "Too many connections")
            : null;
    }

    private async Task RunSessionAsync(ConnectionContext context, SmtpConnection connection, SmtpDoor door, bool trusted)
    {
        using var session = new SmtpSession(connection, door, trusted, _services);
        var lifetime = context.Features.Get<IConnectionLifetimeNotificationFeature>();
        await using var stop = lifetime?.ConnectionClosedRequested.Register(static s => ((SmtpSession)s!).Stop(), session)
            ?? default(CancellationTokenRegistration);
        await session.RunAsync(context.ConnectionClosed);
    }

    private async Task TurnAwayAsync(SmtpConnection connection, SmtpDoor door, Reply reply, bool tlsFirst)
    {
        _services.Statistics.Refused();
        _services.Log.TurnedAway(door, connection.Remote, reply.Text);
        if (!tlsFirst)
        {
            connection.Write(reply);
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
