using System.Collections.Concurrent;
using Postbell.Core.Resolution;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>All ways mail leaves by: which server for which domain, with the connections that are open to them. Safe from any thread.</summary>
public sealed class OutboundWays : IAsyncDisposable
{
    private readonly IReadOnlyList<OutboundRoute> _routes;
    private readonly MailHosts _hosts;
    private readonly string _hostName;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, OutboundDestination> _destinations = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _clock;

    /// <summary>Nothing is asked or opened yet.</summary>
    /// <param name="routes">Which way for which domain; the one that names a domain most exactly counts, of equal ones the first.</param>
    /// <param name="resolver">Looks up mail servers.</param>
    /// <param name="hostName">Our name in EHLO.</param>
    /// <param name="time">The clock.</param>
    public OutboundWays(IReadOnlyList<OutboundRoute> routes, DnsResolver resolver, string hostName, TimeProvider time)
    {
        (_routes, _hostName, _time) = (routes, hostName, time);
        _hosts = new MailHosts(resolver, hostName, Random.Shared);
        _clock = time.CreateTimer(static ways => ((OutboundWays)ways!).CloseIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Connections that all routes together may have at once, domains of direct ones counted as one.</summary>
    public int MaxConnections => Math.Clamp(_routes.Sum(static r => r.Server.MaxConnections), 1, 100);

    /// <summary>Where mail for an address goes: recipients of the same place can share a transaction. Host and port of a smart host, or the domain itself.</summary>
    public string PlaceOf(string address) => PlaceOf(RouteOf(DomainOf(address)), DomainOf(address));

    /// <summary>Sends a message to recipients of one place (<see cref="PlaceOf(string)"/>); says of each, in the order given, what became of it.</summary>
    /// <exception cref="SmtpSessionException">No server could be asked, or the session broke: it will be sent again.</exception>
    public async Task<IReadOnlyList<SmtpOutcome>> SendAsync(OutgoingMail mail, Stream content, CancellationToken cancellation)
    {
        var domain = DomainOf(mail.Recipients[0].Address);
        if (RouteOf(domain) is not { } route)
        {
            return Refuse(mail, domain, SmtpReply.Own(550, $"5.7.1 There is no way for mail to {domain}"));
        }

        SmtpRoute[] servers = [route.Server];
        if (route.IsDirect)
        {
            var (found, refusal) = await _hosts.FindAsync(domain, route.Domains.Count > 0, cancellation).ConfigureAwait(false);
            if (refusal is not null)
            {
                return Refuse(mail, domain, refusal);
            }

            servers = [.. found.Select(f => route.Server with { Host = f.Host, Address = f.Address })];
        }

        var place = _destinations.GetOrAdd(PlaceOf(route, domain), _ => new OutboundDestination(route.Server.MaxConnections, _time));
        try
        {
            return await place.SendAsync(token => OpenAsync(servers, token), mail, content, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _clock.Change(OutboundDestination.Idle, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Asks places again at once that did not answer a moment ago.</summary>
    public void Forgive()
    {
        foreach (var place in _destinations.Values)
        {
            place.Forgive();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _clock.DisposeAsync().ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (var place in _destinations.Values)
        {
            await place.DisposeAsync().ConfigureAwait(false);
        }

        _closing.Dispose();
    }

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    private static string PlaceOf(OutboundRoute? route, string domain) => route is null || route.IsDirect ? domain : route.Server.ToString();

    private static IReadOnlyList<SmtpOutcome> Refuse(OutgoingMail mail, string domain, SmtpReply reply) => [.. mail.Recipients.Select(r => new SmtpOutcome(r.Address, reply, domain))];

    private OutboundRoute? RouteOf(string domain) => _routes.Where(r => r.Fits(domain) >= 0).MaxBy(r => r.Fits(domain));

    // The next server is asked where one is not there or does not want to talk; what it says of a message is the last word.
    private async Task<SmtpClientSession> OpenAsync(SmtpRoute[] servers, CancellationToken cancellation)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await SmtpClientSession.OpenAsync(servers[i], _hostName, _time, cancellation).ConfigureAwait(false);
            }
            catch (SmtpSessionException) when (i + 1 < servers.Length)
            {
                // The reason of the last one is told.
            }
        }
    }

    private void CloseIdle() => _ = CloseIdleAsync();

    private async Task CloseIdleAsync()
    {
        try
        {
            await Task.WhenAll(_destinations.Values.Select(p => p.CloseIdleAsync(_closing.Token))).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Connections that break while they are closed are closed.
        }
    }
}
