using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Directory;
using Postbell.Media;
using Postbell.Sip;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.Calls;

/// <summary>
/// The calls that we make: the one door to them. Bounded, looked up by name where the gateway has one, traced, counted, and known again when they come back.
/// Safe from any thread.
/// </summary>
public sealed class OutboundCalls
{
    private readonly ConcurrentDictionary<TraceId, OutboundCall> _calls = new();
    private readonly TelephonyOptions _options;
    private readonly PeopleDirectory _directory;
    private readonly GatewayNames _names;
    private readonly SipEndpoint _sip;
    private readonly MediaEngine _media;
    private readonly TelephonyStatistics _statistics;
    private readonly TimerWheel _wheel;
    private readonly ILogger _log;
    private int _count;
    private volatile bool _closed;

    /// <summary>No calls yet.</summary>
    public OutboundCalls(
        TelephonyOptions options,
        PeopleDirectory directory,
        GatewayNames names,
        SipEndpoint sip,
        MediaEngine media,
        TelephonyStatistics statistics,
        TimerWheel wheel,
        ILogger<OutboundCalls> log)
    {
        _options = options;
        _directory = directory;
        _names = names;
        _sip = sip;
        _media = media;
        _statistics = statistics;
        _wheel = wheel;
        _log = log;
    }

    /// <summary>Calls that ring or are up.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins a call; nothing has been sent when this returns. Dispose the call when it is of no more use.</summary>
    /// <returns>The call, or why it is not made (logged and counted).</returns>
    public (OutboundCall? Call, OutboundRefusal Refusal) Place(OutboundCallRequest request)
    {
        var refusal = Check(request);
        request = request.Destinations.Count > 0 ? request : request with { Destinations = _names.DestinationsOf(request.Gateway) };
        if (refusal == OutboundRefusal.None && request.Destinations.Count == 0)
        {
            refusal = OutboundRefusal.GatewayNotFound;
        }

        if (refusal == OutboundRefusal.None && Interlocked.Increment(ref _count) > _options.MaxOutboundCalls)
        {
            Interlocked.Decrement(ref _count);
            refusal = OutboundRefusal.TooManyCalls;
        }

        return refusal == OutboundRefusal.None ? Begin(request) : Refuse(request, refusal);
    }

    /// <summary>
    /// True for a call that is one of ours which nobody has answered yet: the same gateway sends it to voice mail for the very person we are calling, from the
    /// number that we call as (or withheld it). Answering it, voice mail would talk to voice mail.
    /// </summary>
    public bool ComesBack(CallRoute route)
    {
        foreach (var (_, call) in _calls)
        {
            var request = call.Request;
            if (!call.Result.IsCompleted && request.Gateway.Name == route.Gateway.Name
                && (route.CallingParty.Number is not { } caller || DialedAddress.Parse(request.CallerNumber).Names(DialedAddress.Parse(caller)))
                && _directory.Current.FindPerson(route.DialPlan.Name, request.Number).Person?.AccountId == route.Person.AccountId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes no more calls.</summary>
    public void Close() => _closed = true;

    /// <summary>Ends all of them.</summary>
    public void EndAll(CallEnd why)
    {
        foreach (var (_, call) in _calls)
        {
            call.Post(why);
        }
    }

    private OutboundRefusal Check(OutboundCallRequest request) =>
        _closed ? OutboundRefusal.ShuttingDown
        : !DialString.IsValid(request.Number) || !DialString.IsValid(request.CallerNumber) ? OutboundRefusal.NotADialString
        : request.Gateway is not { Status: GatewayStatus.Enabled, OutcallsAllowed: true } ? OutboundRefusal.GatewayNotAllowed
        : IsPilot(request) || (request.OnBehalfOf is { } cause && OutboundIdentity.DiversionsOf(cause.Invite) >= OutboundIdentity.MostDiversions) ? OutboundRefusal.Loop
        : OutboundRefusal.None;

    private bool IsPilot(OutboundCallRequest request)
    {
        var dialed = DialedAddress.Parse(request.Number);
        return _directory.Current.Organization.HuntGroups.Any(group =>
            group.Gateway == request.Gateway.Name && group.PilotIdentifiers.Any(pilot => DialedAddress.Parse(pilot).Names(dialed)));
    }

    /// <summary>The place is taken already; the end of the call gives it back.</summary>
    private (OutboundCall? Call, OutboundRefusal Refusal) Begin(OutboundCallRequest request)
    {
        try
        {
            var local = _sip.LocalAddressToward(request.Destinations[0]) ?? IPAddress.Loopback;
            var call = new OutboundCall(TraceId.New(_wheel.Time), request, _media, local, OnEnded, _log);
            _calls[call.Id] = call;
            call.Begin(_sip, local);
            return (call, OutboundRefusal.None);
        }
        catch (MediaPortsExhaustedException)
        {
            Interlocked.Decrement(ref _count);
            return Refuse(request, OutboundRefusal.NoMediaPort);
        }
    }

    private (OutboundCall? Call, OutboundRefusal Refusal) Refuse(OutboundCallRequest request, OutboundRefusal refusal)
    {
        var name = Label(refusal);
        _statistics.CountOutboundCall(name);
        Log.OutboundCallRefused(_log, DisplayText.Clean(request.Number, limit: 64), request.Gateway.Name, name);
        return (null, refusal);
    }

    private void OnEnded(OutboundCall call)
    {
        var result = Label(call.Outcome);
        if (call.Outcome is OutboundResult.Failed or OutboundResult.Refused or OutboundResult.Loop)
        {
            call.ReportFailure(result);
        }
        else if (call.End is CallEnd.MediaTimeout or CallEnd.BadAnswer or CallEnd.PeerLost or CallEnd.NoAck && call.Outcome == OutboundResult.Answered)
        {
            call.ReportFailure(Label(call.End));
        }

        if (call.EndQuality is { IsKnown: true } quality)
        {
            var text = QualityText.Of(quality);
            _statistics.Quality.Add(quality);
            call.NoteInTrace(text);
            Log.CallQuality(_log, call.Id, text);
        }

        _statistics.CountOutboundCall(result);
        Log.OutboundCallEnded(_log, call.Id, call.Request.Number, Label(call.End), result);
        if (_calls.TryRemove(call.Id, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private static string Label<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
