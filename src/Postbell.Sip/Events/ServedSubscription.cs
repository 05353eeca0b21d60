using System.Globalization;
using Postbell.Core;
using Postbell.Sip.Dialogs;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;

namespace Postbell.Sip.Events;

/// <summary>Somebody's subscription at us: its dialog, and what has been said in it. Used on the notifier's executor.</summary>
internal sealed class ServedSubscription
{
    private uint _remoteNumber;

    /// <summary>The subscription that a SUBSCRIBE begins.</summary>
    public ServedSubscription(IncomingRequest subscribe, EventHeader named, IEventPackage package, string resource, UInt128 source)
    {
        Event = named;
        Package = package;
        Resource = resource;
        Source = source;
        Route = DialogRoute.OfServer(subscribe.Request, subscribe.LocalTag);
        Flow = subscribe.Flow;
        _remoteNumber = subscribe.Request.CSeq.Number;
    }

    public IEventPackage Package { get; }

    public string Resource { get; }

    public UInt128 Source { get; }

    public EventHeader Event { get; }

    /// <summary>Names the dialog on our side.</summary>
    public (string CallId, string LocalTag) Key => (Route.Key.CallId, Route.Key.LocalTag);

    public DialogRoute Route { get; }

    /// <summary>How the subscriber reached us last.</summary>
    public SipFlow Flow { get; private set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Ends the subscription when it is not refreshed; one at a time.</summary>
    public WheelTimer? Expiry { get; set; }

    /// <summary>Why it is over, as the last notification says it; null while it is in force.</summary>
    public string? End { get; set; }

    /// <summary>Nothing more is to be said: the last notification was sent, or nobody is there to hear it.</summary>
    public bool IsOver { get; set; }

    /// <summary>There is something to be said that no notification has said yet.</summary>
    public bool IsDirty { get; set; }

    /// <summary>A SUBSCRIBE was granted and has not been answered with a notification, which must come whatever is known (RFC 6665 section 4.2.1.2).</summary>
    public bool OwesAnswer { get; set; }

    /// <summary>It stands in the line, a notification is under way, or the pace is being kept.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Attempts that were refused for now, one after the other.</summary>
    public int Failures { get; set; }

    /// <summary>True for a SUBSCRIBE of the same dialog and event.</summary>
    public bool IsNamedBy(SipRequest subscribe, EventHeader named) => Route.Key.RemoteTag == (subscribe.From.Tag ?? "") && Event.Names(named);

    /// <summary>Takes a refresh: the subscriber may have moved (target refresh). False when it is out of order.</summary>
    public bool TryRefresh(IncomingRequest subscribe)
    {
        var request = subscribe.Request;
        if (request.CSeq.Number <= _remoteNumber)
        {
            return false;
        }

        _remoteNumber = request.CSeq.Number;
        Route.RemoteTarget = request.Contact?.Uri ?? Route.RemoteTarget;
        Flow = subscribe.Flow;
        return true;
    }

    /// <summary>The next NOTIFY of the dialog.</summary>
    public SipRequest Notify(EventState state, DateTimeOffset now)
    {
        var left = Math.Max(1, (long)Math.Ceiling((ExpiresAt - now).TotalSeconds));
        return Route.Build(SipMethods.Notify, state.Body, Package.ContentType,
        [
            new SipHeader("Event", Event.ToString()),
            new SipHeader("Subscription-State", End is null ? string.Create(CultureInfo.InvariantCulture, $"active;expires={left}") : $"terminated;reason={End}"),
        ]);
    }
}
