namespace Postbell.Sip.Resolution;

/// <summary>
/// Destinations that did not answer, for a while (RFC 3263 section 4.3): they are left out as long as another is there. Of a fixed size. Safe from any
/// thread.
/// </summary>
public sealed class UnreachableDestinations(TimeSpan remembered, TimeProvider time)
{
    private const int Most = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<SipDestination, long> _since = [];

    /// <summary>How many are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return _since.Count;
            }
        }
    }

    /// <summary>It did not answer.</summary>
    public void Add(SipDestination destination)
    {
        lock (_gate)
        {
            if (_since.Count >= Most)
            {
                Forget();
            }

            if (_since.Count < Most)
            {
                _since[destination] = time.GetTimestamp();
            }
        }
    }

    /// <summary>It answered.</summary>
    public void Remove(SipDestination destination)
    {
        lock (_gate)
        {
            _since.Remove(destination);
        }
    }

    /// <summary>Those that are not known to be dead, in the same order; all of them when there would be none.</summary>
    public IReadOnlyList<SipDestination> LeaveOut(IReadOnlyList<SipDestination> destinations)
    {
        lock (_gate)
        {
            if (_since.Count == 0)
            {
                return destinations;
            }

            Forget();
            SipDestination[] alive = [.. destinations.Where(destination => !_since.ContainsKey(destination))];
            return alive.Length > 0 ? alive : destinations;
        }
    }

    private void Forget()
    {
        foreach (var (destination, since) in _since)
        {
            if (time.GetElapsedTime(since) >= remembered)
            {
                _since.Remove(destination);
            }
        }
    }
}
