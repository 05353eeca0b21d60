namespace Postbell.Media.Srtp;

/// <summary>What a new agreement changes in the encryption of a call; made before the engine thread takes it, because making keys ready takes time.</summary>
/// <param name="IsOn">The call is encrypted from now on.</param>
/// <param name="Inbound">For what comes; null when that key stays.</param>
/// <param name="Outbound">For what goes; null when that key stays.</param>
internal sealed record SrtpChange(bool IsOn, SrtpContext? Inbound, SrtpContext? Outbound) : IDisposable
{
    /// <summary>A key that stays keeps its context: starting anew would lose count of the packets and send under the same key stream twice.</summary>
    /// <exception cref="InvalidOperationException">The library is missing, does not have the suite or has no memory.</exception>
    public static SrtpChange Between(SrtpKeys? before, SrtpKeys? after)
    {
        if (after is null)
        {
            return new SrtpChange(false, null, null);
        }

        var change = new SrtpChange(
            true,
            after.Inbound.Equals(before?.Inbound) ? null : SrtpContext.Create(after.Inbound, inbound: true),
            after.Outbound.Equals(before?.Outbound) ? null : SrtpContext.Create(after.Outbound, inbound: false));
        if (change is { Inbound: null or { IsInvalid: false }, Outbound: null or { IsInvalid: false } })
        {
            return change;
        }

        change.Dispose();
        throw new InvalidOperationException($"SRTP with {after.Inbound.Suite.Name()} is not to be had from {SrtpSupport.Library}.");
    }

    public void Dispose()
    {
        Inbound?.Dispose();
        Outbound?.Dispose();
    }
}
