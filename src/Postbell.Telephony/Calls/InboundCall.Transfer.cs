using Postbell.Directory;
using Postbell.Sip;
using Postbell.Sip.Messages;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Calls;

/// <content>Transfers: the caller is sent on by REFER, and calls of others that take the place of the caller's.</content>
public sealed partial class InboundCall
{
    /// <summary>A caller is sent on only so often in one call: menus that fail again and again must not make a dialler of us.</summary>
    private const int MostTransfers = 5;

    private static readonly TimeSpan s_transferTime = TimeSpan.FromSeconds(60);

    private int _transfers;

    /// <summary>
    /// Sends the caller on to a number (blind transfer, reference 1.12): the gateway is asked by REFER to call it, and what it reports is followed. Once
    /// the gateway has taken the caller, the call ends with <see cref="CallEnd.Transferred"/>; otherwise it goes on and the outcome says why.
    /// </summary>
    /// <param name="number">Dial string for the gateway: digits, <c>+ * #</c>, or a user name. Never the pilot the call came to.</param>
    /// <param name="timeout">How long the outcome is waited for; null is a minute.</param>
    /// <exception cref="ArgumentException"><paramref name="number"/> is no dial string.</exception>
    public Task<TransferOutcome> TransferAsync(string number, TimeSpan? timeout = null)
    {
        if (!DialString.IsValid(number))
        {
            throw new ArgumentException($"\"{number}\" is no dial string.", nameof(number));
        }

        return IsOwnPilot(number)
            ? Task.FromResult(new TransferOutcome(TransferEnd.Refused, 482, WasAccepted: false))
            : TransferAsync(new Transfer
            {
                Target = AddressOf(number),
                Timeout = timeout ?? s_transferTime,
            });
    }

    /// <summary>
    /// Joins the caller to somebody we called (attended transfer): the gateway calls them by REFER in place of our call (RFC 3891). Once it has, both of our
    /// calls end; otherwise both go on.
    /// </summary>
    /// <param name="other">An answered call.</param>
    /// <param name="timeout">How long the outcome is waited for; null is a minute.</param>
    /// <exception cref="InvalidOperationException"><paramref name="other"/> is not answered.</exception>
    public async Task<TransferOutcome> TransferAsync(OutboundCall other, TimeSpan? timeout = null)
    {
        var dialog = other.Dialog ?? throw new InvalidOperationException("Only an answered call can be joined.");
        var outcome = await TransferAsync(new Transfer { Target = dialog.RemoteTarget, InPlaceOf = dialog, Timeout = timeout ?? s_transferTime });
        if (End == CallEnd.Transferred)
        {
            other.Post(CallEnd.Transferred);
        }

        return outcome;
    }

    /// <summary>True when <paramref name="dialog"/> is the caller's.</summary>
    internal bool Has(SipDialog dialog) => ReferenceEquals(_dialog, dialog);

    /// <summary>
    /// Lets another call of the same gateway take the place of the caller's (RFC 3891): media goes to it, the conversation goes on. Null when it did;
    /// otherwise the refusal that is to be sent.
    /// </summary>
    internal CallRejection? TakeOver(IncomingInvite invite, Gateway? gateway)
    {
        if (gateway is null || gateway.Name != Route.Gateway.Name)
        {
            return CallRejection.ReplacementForbidden;
        }

        var (body, refusal) = invite.Offer.IsEmpty ? _audio.OfferForAck() : _audio.Answer(invite.Offer);
        if (refusal is not null)
        {
            return refusal;
        }

        _dialog = invite.Dialog;
        invite.Accept(body, SdpContentType, this);
        return null;
    }

    private async Task<TransferOutcome> TransferAsync(Transfer transfer)
    {
        if (++_transfers > MostTransfers)
        {
            return new TransferOutcome(TransferEnd.Refused, 486, WasAccepted: false);
        }

        var outcome = await _dialog.ReferAsync(
            transfer with
            {
                ReferredBy = new NameAddress(_invite.Request.To.Uri.WithParameters(SipParameters.Empty)),
                Headers = [new Diversion(SipUri.Create(Route.Person.Extension, _dialog.RemoteEndPoint.Address.ToString()), "deflection").ToHeader()],
            },
            CancellationToken.None);
        if (outcome.End == TransferEnd.Succeeded || (outcome.WasAccepted && outcome.End is TransferEnd.CallEnded or TransferEnd.NotReported))
        {
            HangUp(CallEnd.Transferred);
        }

        return outcome;
    }

    /// <summary>
    /// The number as the caller reaches it: at the gateway, or where a proxy stands before the caller's telephone, at that proxy; the telephone's own address
    /// would have it call itself.
    /// </summary>
    private SipUri AddressOf(string number)
    {
        if (_dialog.ProxyOfPeer is { } proxy)
        {
            return SipUri.Create(number, proxy.Host, proxy.Port, proxy.Parameters["transport"] is { } transport ? SipParameters.Empty.With("transport", transport) : null);
        }

        var gateway = _dialog.RemoteTarget;
        return SipUri.Create(number, gateway.Host.Length == 0 ? _dialog.RemoteEndPoint.Address.ToString() : gateway.Host, gateway.Port);
    }

    private bool IsOwnPilot(string number)
    {
        var dialed = DialedAddress.Parse(number);
        return number == _invite.Request.RequestUri.User || number == _invite.Request.To.Uri.User
            || Route.GatewayPilots.Any(pilot => DialedAddress.Parse(pilot).Names(dialed));
    }
}
