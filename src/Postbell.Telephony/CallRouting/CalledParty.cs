namespace Postbell.Telephony.CallRouting;

/// <summary>Somebody for whom a call may have been, as the INVITE names him.</summary>
/// <param name="Address">Whole URI, for instance <c>sip:5001@pbx</c> or <c>tel:5001</c>.</param>
/// <param name="Source">Where it stood.</param>
/// <param name="Reason">Why the call was diverted from him (RFC 5806 reason), or null.</param>
public sealed record CalledParty(string Address, CalledPartySource Source, string? Reason)
{
    /// <summary>For ledger and log: the source, and the reason if there is one, as in <c>Diversion (no-answer)</c>.</summary>
    public override string ToString() => Reason is null ? $"{Source}" : $"{Source} ({Reason})";
}
