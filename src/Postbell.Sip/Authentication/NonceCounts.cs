namespace Postbell.Sip.Authentication;

/// <summary>
/// Which counts of which nonces were used (RFC 7616 section 5.12): each one once, a little out of order because datagrams overtake each other. Of a fixed
/// size; what is forgotten is refused rather than taken twice. Safe from any thread.
/// </summary>
internal sealed class NonceCounts(int capacity)
{
    private const int Window = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private long _forgottenUntil;

    /// <summary>Takes one use of a nonce; false when it was taken before, or may have been.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="madeAt">When it was made, in ticks.</param>
    /// <param name="count">Its count, from 1.</param>
    public bool Take(string nonce, long madeAt, uint count)
    {
        lock (_gate)
        {
            if (_uses.TryGetValue(nonce, out var use))
            {
                return use.Take(count);
            }

            if (count == 0 || madeAt <= _forgottenUntil)
            {
                return false;
            }

            if (_uses.Count >= capacity)
            {
                var oldest = _order.Dequeue();
                _forgottenUntil = Math.Max(_forgottenUntil, _uses[oldest].MadeAt);
                _uses.Remove(oldest);
            }

            _uses[nonce] = new Use(madeAt, count);
            _order.Enqueue(nonce);
            return true;
        }
    }

    private sealed class Use(long madeAt, uint first)
    {
        private uint _highest = first;
        private ulong _seen = 1;

        public long MadeAt { get; } = madeAt;

        public bool Take(uint count)
        {
            if (count > _highest)
            {
                var step = count - _highest;
                _seen = step >= Window ? 1 : (_seen << (int)step) | 1;
                _highest = count;
                return true;
            }

            var back = _highest - count;
            if (count == 0 || back >= Window || (_seen & (1UL << (int)back)) != 0)
            {
                return false;
            }

            _seen |= 1UL << (int)back;
            return true;
        }
    }
}
