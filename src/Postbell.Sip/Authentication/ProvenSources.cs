using System.Net;

namespace Postbell.Sip.Authentication;

/// <summary>
/// Addresses that showed good credentials a while ago: what they ask without, to be challenged, is no stranger's noise. Of a fixed size. Safe from any
/// thread.
/// </summary>
internal sealed class ProvenSources(TimeSpan lasting, TimeProvider time)
{
    private const int Most = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, long> _since = [];

    /// <summary>It showed good credentials.</summary>
    public void Add(IPAddress address)
    {
        lock (_gate)
        {
            if (_since.Count >= Most && !_since.ContainsKey(address))
            {
                // Only those who know a password come here, so this is no way to push others out.
                _since.Remove(_since.MinBy(entry => entry.Value).Key);
            }

            _since[address] = time.GetTimestamp();
        }
    }

    /// <summary>True while that is not long ago.</summary>
    public bool Contains(IPAddress address)
    {
        lock (_gate)
        {
            return _since.TryGetValue(address, out var since) && time.GetElapsedTime(since) < lasting;
        }
    }
}
