using Postbell.Core.Resolution;
using Postbell.Delivery;
using Postbell.Mailbox;
using Postbell.Server.Configuration;
using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;

namespace Postbell.Server.Hosting;

/// <summary>Everything by which mail leaves the server.</summary>
internal sealed class OutboundParts : IAsyncDisposable
{
    private readonly IReadOnlyList<OutboundRoute> _routes;
    private readonly OutboundWays _ways;
    private readonly string _hostName;
    private readonly TimeProvider _time;

    private OutboundParts(ServerConfiguration configuration, SmtpOutbound settings, OutboundWays ways, OutboundQueue queue, TimeProvider time)
    {
        (_routes, _ways, _time, Queue) = (settings.Routes, ways, time, queue);
        _hostName = HostName(configuration, settings);
        Relay = new MailSystemRelay(ways, settings.Sender ?? $"postbell@{configuration.MailDomain}");
    }

    /// <summary>Where mail goes, for a person.</summary>
    public string Ways => string.Join(", ", _routes.Select(NameOf));

    /// <summary>Messages on their way.</summary>
    public OutboundQueue Queue { get; }

    /// <summary>Hands over the messages of people whose mail is elsewhere.</summary>
    public IMailRelay Relay { get; }

    /// <summary>Opens the queue; null when no mail shall leave.</summary>
    public static OutboundParts? Open(
        ServerConfiguration configuration, DataLayout layout, MailStore store, AccountPeople people, DnsResolver resolver, TimeProvider time, ILoggerFactory log)
    {
        if (configuration.Outbound is not { } settings)
        {
            return null;
        }

        var options = new OutboundOptions
        {
            Directory = layout.Outbound, HostName = HostName(configuration, settings), ReportAddress = $"postbell@{configuration.MailDomain}",
            GiveUpAfter = settings.GiveUpAfter, WarnAfter = settings.WarnAfter,
        };
        var ways = new OutboundWays(settings.Routes, resolver, options.HostName, time);
        return new OutboundParts(configuration, settings, ways, OutboundQueue.Open(options, ways, new OutboundHome(store, people), time, log.CreateLogger<OutboundQueue>()), time);
    }

    /// <summary>Asks servers again at once that did not answer a moment ago.</summary>
    public void Forgive() => _ways.Forgive();

    /// <summary>Goes as far as a message could be sent to each smart host; returns what they are like, for a person.</summary>
    /// <exception cref="SmtpSessionException">It came to nothing; the message says why.</exception>
    public async Task<string> TryAsync(CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var route in _routes)
        {
            found.Add(route.IsDirect ? $"{NameOf(route)} is not tried here" : await TryAsync(route.Server, cancellation));
        }

        return string.Join("; ", found);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        await _ways.DisposeAsync();
    }

    private async Task<string> TryAsync(SmtpRoute server, CancellationToken cancellation)
    {
        await using var session = await SmtpClientSession.OpenAsync(server, _hostName, _time, cancellation);
        await session.QuitAsync(cancellation);
        return $"{server} takes mail {(session.IsProtected ? "within TLS" : "in clear")}";
    }

    private static string NameOf(OutboundRoute route) => route.IsDirect ? "the mail servers of each domain (MX)" : route.Server.ToString();

    private static string HostName(ServerConfiguration configuration, SmtpOutbound settings) => settings.HostName ?? configuration.MailDomain;
}
