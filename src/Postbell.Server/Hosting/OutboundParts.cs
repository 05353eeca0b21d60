using Postbell.Delivery;
using Postbell.Mailbox;
using Postbell.Server.Configuration;
using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;

namespace Postbell.Server.Hosting;

/// <summary>Everything by which mail leaves the server.</summary>
internal sealed class OutboundParts : IAsyncDisposable
{
    private readonly string _hostName;
    private readonly TimeProvider _time;
    private readonly SmartHostRelay _relay;

    private OutboundParts(ServerConfiguration configuration, SmtpOutbound settings, OutboundQueue queue, TimeProvider time)
    {
        SmartHost = settings.SmartHost;
        Queue = queue;
        _hostName = HostName(configuration, settings);
        _time = time;
        _relay = new SmartHostRelay(settings.SmartHost, _hostName, settings.Sender ?? $"postbell@{configuration.MailDomain}", time);
    }

    /// <summary>Where everything goes.</summary>
    public SmtpRoute SmartHost { get; }

    /// <summary>Messages on their way.</summary>
    public OutboundQueue Queue { get; }

    /// <summary>Hands over the messages of people whose mail is elsewhere.</summary>
    public IMailRelay Relay => _relay;

    /// <summary>Opens the queue; null when no mail shall leave.</summary>
    public static OutboundParts? Open(ServerConfiguration configuration, DataLayout layout, MailStore store, AccountPeople people, TimeProvider time, ILoggerFactory log)
    {
        if (configuration.Outbound is not { } settings)
        {
            return null;
        }

        var options = new OutboundOptions
        {
            Directory = layout.Outbound, SmartHost = settings.SmartHost, HostName = HostName(configuration, settings),
            ReportAddress = $"postbell@{configuration.MailDomain}", GiveUpAfter = settings.GiveUpAfter, WarnAfter = settings.WarnAfter,
        };
        return new OutboundParts(configuration, settings, OutboundQueue.Open(options, new OutboundHome(store, people), time, log.CreateLogger<OutboundQueue>()), time);
    }

    /// <summary>Goes as far as a message could be sent; returns what the server is like, for a person.</summary>
    /// <exception cref="SmtpSessionException">It came to nothing; the message says why.</exception>
    public async Task<string> TryAsync(CancellationToken cancellation)
    {
        await using var session = await SmtpClientSession.OpenAsync(SmartHost, _hostName, _time, cancellation);
        await session.QuitAsync(cancellation);
        return $"{SmartHost} takes mail {(session.IsProtected ? "within TLS" : "in clear")}";
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        _relay.Dispose();
    }

    private static string HostName(ServerConfiguration configuration, SmtpOutbound settings) => settings.HostName ?? configuration.MailDomain;
}
