namespace Postbell.Sip.Defence;

/// <summary>Measures a rate with one number: the time at which everything taken so far would be paid for at the allowed rate.</summary>
internal struct RateMeter
{
    private long _paid;

    /// <summary>Takes one; false when that is more than the rate with its burst allows.</summary>
    /// <param name="now">Ticks of 100 ns.</param>
    /// <param name="interval">Ticks that pay for one.</param>
    /// <param name="burst">How many at once.</param>
    public bool Take(long now, long interval, int burst)
    {
        var paid = Math.Max(now, _paid) + interval;
        if (paid - now > interval * burst)
        {
            return false;
        }

        _paid = paid;
        return true;
    }
}
