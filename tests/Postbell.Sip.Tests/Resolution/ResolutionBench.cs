using Postbell.Core.Resolution;
using Postbell.Sip.Messages;
using Postbell.Sip.Resolution;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Resolution;

/// <summary>A resolver and a locator that ask one name server of the test, with a clock that stands still until the test moves it.</summary>
internal sealed class ResolutionBench : IAsyncDisposable
{
    public ResolutionBench(Func<DnsOptions, DnsOptions>? change = null, params SipTransport[] transports)
    {
        var options = new DnsOptions { Servers = [Server.Address], Rounds = 1 };
        Resolver = new DnsResolver(change?.Invoke(options) ?? options, Time);
        Locator = new SipLocator(Resolver, transports.Length > 0 ? transports : [SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls], new Random(7));
    }

    public TestNameServer Server { get; } = new();

    public ManualTime Time { get; } = new();

    public DnsResolver Resolver { get; }

    public SipLocator Locator { get; }

    public async Task<SipLocation> LocateAsync(string uri)
    {
        SipUri.TryParse(uri, out var parsed).ShouldBeTrue();
        return await Locator.LocateAsync(parsed!, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>The way as text: "Udp 192.0.2.1:5060, ..."; or the failure.</summary>
    public async Task<string> WayAsync(string uri)
    {
        var location = await LocateAsync(uri);
        return location.Failure != SipLocationFailure.None
            ? location.Failure.ToString()
            : string.Join(", ", location.Destinations.Select(to => $"{to.Transport} {to.EndPoint}{(to.ServerName is { } name ? " " + name : "")}"));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
