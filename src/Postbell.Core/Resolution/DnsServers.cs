using System.Net;

namespace Postbell.Core.Resolution;

/// <summary>The name servers to ask: configured ones, or those of the system, read again when its file has changed.</summary>
internal sealed class DnsServers(DnsOptions options, TimeProvider time)
{
    private const int Port = 53;
    private const int MostServers = 3;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private IReadOnlyList<IPEndPoint> _ofSystem = [];
    private DateTime _stamp;
    private long _lookedAt;
    private bool _looked;

    /// <summary>In the order to ask them. Without any, the local host is asked, as resolv.conf(5) says.</summary>
    public IReadOnlyList<IPEndPoint> Current
    {
        get
        {
            if (options.Servers.Count > 0)
            {
                return options.Servers;
            }

            lock (_gate)
            {
                if (!_looked || time.GetElapsedTime(_lookedAt) >= LookInterval)
                {
                    Look();
                }

                return _ofSystem;
            }
        }
    }

    /// <summary>The <c>nameserver</c> lines of a resolver file; what else it says (search, options) has no meaning for whole names.</summary>
    internal static IReadOnlyList<IPEndPoint> Read(IEnumerable<string> lines)
    {
        var servers = new List<IPEndPoint>();
        foreach (var line in lines)
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var text, ..] && IPAddress.TryParse(text, out var address) && servers.Count < MostServers)
            {
                servers.Add(new IPEndPoint(address, Port));
            }
        }

        return servers.Count > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, Port)];
    }

    private void Look()
    {
        _lookedAt = time.GetTimestamp();
        try
        {
            var stamp = File.GetLastWriteTimeUtc(options.ResolverFile);
            if (!_looked || stamp != _stamp)
            {
                _ofSystem = Read(File.ReadLines(options.ResolverFile));
                _stamp = stamp;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _ofSystem = _looked ? _ofSystem : Read([]);
        }

        _looked = true;
    }
}
