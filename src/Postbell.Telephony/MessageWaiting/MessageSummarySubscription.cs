using System.Globalization;
using Postbell.Core;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Telephony.MessageWaiting;

/// <summary>One phone's subscription to a mailbox: the dialog state that its notifications need (RFC 6665, RFC 3842). Used on one executor.</summary>
internal sealed class MessageSummarySubscription
{
    private readonly SipRequest _subscribe;
    private readonly string _localTag;
    private readonly SipUri _contact;
    private readonly IReadOnlyList<string> _routes;
    private uint _sequence;

    public MessageSummarySubscription(SipRequest subscribe, string localTag, SipDestination destination, SipUri contact, long account)
    {
        _subscribe = subscribe;
        _localTag = localTag;
        _contact = contact;
        _routes = [.. subscribe.Headers.GetValues("Record-Route")];
        Destination = destination;
        Account = account;
        Target = subscribe.Contact?.Uri ?? subscribe.From.Uri;
    }

    /// <summary>Names the dialog on our side.</summary>
    public (string CallId, string LocalTag) Key => (_subscribe.CallId, _localTag);

    public SipDestination Destination { get; private set; }

    public long Account { get; }

    public SipUri Target { get; private set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Ends the subscription when it is not refreshed; one at a time.</summary>
    public WheelTimer? Expiry { get; set; }

    /// <summary>The state changed after the last NOTIFY was made.</summary>
    public bool IsDirty { get; set; }

    /// <summary>A NOTIFY is under way, or the pace between two is being kept.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Highest CSeq seen; a refresh must exceed it.</summary>
    public uint RemoteSequence { get; set; }

    /// <summary>A refresh may come from another address (RFC 6665 section 4.4.1: target refresh).</summary>
    public void Refresh(SipRequest subscribe, SipDestination destination)
    {
        RemoteSequence = subscribe.CSeq.Number;
        Target = subscribe.Contact?.Uri ?? Target;
        Destination = destination;
    }

    /// <summary>The next NOTIFY of the dialog.</summary>
    public SipRequest Notify(MessageSummary summary, DateTimeOffset now)
    {
        var left = (long)Math.Ceiling((ExpiresAt - now).TotalSeconds);
        var headers = new SipHeaders();
        foreach (var route in _routes)
        {
            headers.Add("Route", route);
        }

        headers.Add("Max-Forwards", "70");
        headers.Add("From", new NameAddress(null, _subscribe.To.Uri, SipParameters.Empty.With("tag", _localTag)).ToString());
        headers.Add("To", _subscribe.From.ToString());
        headers.Add("Call-ID", _subscribe.CallId);
        headers.Add("CSeq", string.Create(CultureInfo.InvariantCulture, $"{++_sequence} NOTIFY"));
        headers.Add("Contact", $"<{_contact}>");
        headers.Add("Event", EventOf(_subscribe));
        headers.Add("Subscription-State", left > 0 ? string.Create(CultureInfo.InvariantCulture, $"active;expires={left}") : "terminated;reason=timeout");
        headers.Add("Content-Type", MessageSummary.ContentType);
        return new SipRequest(SipMethods.Notify, Target, headers, summary.ToBody());
    }

    /// <summary>The package with the id that the subscriber gave it, if any.</summary>
    private static string EventOf(SipRequest subscribe)
    {
        var value = subscribe.Headers["Event"] ?? MessageSummary.EventPackage;
        var id = value.IndexOf("id=", StringComparison.OrdinalIgnoreCase);
        return id < 0 ? MessageSummary.EventPackage : $"{MessageSummary.EventPackage};{value[id..]}";
    }
}
