using Postbell.Core.Resolution;
using Postbell.TestKit;

namespace Postbell.Core.Tests.Resolution;

/// <summary>A resolver that asks one name server of the test, with a clock that stands still until the test moves it.</summary>
internal sealed class ResolutionBench : IAsyncDisposable
{
    public ResolutionBench(Func<DnsOptions, DnsOptions>? change = null)
    {
        var options = new DnsOptions { Servers = [Server.Address], Rounds = 1 };
        Resolver = new DnsResolver(change?.Invoke(options) ?? options, Time);
    }

    public TestNameServer Server { get; } = new();

    public ManualTime Time { get; } = new();

    public DnsResolver Resolver { get; }

    public Task<DnsAnswer> AskAsync(string name, DnsRecordType type = DnsRecordType.A) =>
        Resolver.QueryAsync(name, type, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

    public async Task<string> AddressesAsync(string name)
    {
        var answer = await AskAsync(name);
        return answer.Outcome == DnsOutcome.Found ? string.Join(' ', answer.Records.OfType<DnsAddressRecord>().Select(record => record.Address)) : answer.Outcome.ToString();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
