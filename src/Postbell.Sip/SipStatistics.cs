using System.Collections.Frozen;
using Postbell.Sip.Authentication;
using Postbell.Sip.Defence;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;

namespace Postbell.Sip;

/// <summary>Counters of an endpoint since its start. Reading is cheap and from any thread.</summary>
public sealed class SipStatistics
{
    private static readonly FrozenDictionary<string, int> MethodIndex =
        SipMethods.Known.Select((name, index) => (name, index)).ToFrozenDictionary(m => m.name, m => m.index, StringComparer.Ordinal);

    private readonly long[] _requests = new long[SipMethods.Known.Length + 1];
    private readonly long[] _sent = new long[700];
    private readonly long[] _received = new long[700];
    private readonly long[] _failures = new long[Enum.GetValues<SipParseFailure>().Length];
    private long _retransmissionsReceived;
    private long _retransmissionsSent;
    private long _overloads;
    private long _refusedPeers;
    private long _strayResponses;
    private readonly long[] _tlsFailures = new long[Enum.GetValues<SipTlsFailure>().Length];
    private readonly long[] _webSocketFailures = new long[Enum.GetValues<SipWebSocketFailure>().Length];
    private readonly long[] _authentications = new long[Enum.GetValues<DigestVerdict>().Length];
    private readonly long[] _challenges = new long[Enum.GetValues<DigestRefusal>().Length];
    private long _tlsHandshakes;
    private long _webSockets;
    private long _connectionsRefused;
    private long _skippedLookups;
    private SourceGuard? _guard;
    private Func<(int Dialogs, int ServerTransactions, int ClientTransactions, int Connections)> _gauges = static () => default;

    internal SipStatistics()
    {
    }

    /// <summary>Requests received for the first time and again, all methods.</summary>
    public long RequestsReceived => _requests.Sum();

    /// <summary>Requests that came again and were absorbed by their transaction.</summary>
    public long RetransmissionsReceived => Volatile.Read(ref _retransmissionsReceived);

    /// <summary>Requests and responses we sent again.</summary>
    public long RetransmissionsSent => Volatile.Read(ref _retransmissionsSent);

    /// <summary>Requests answered 503 because a limit was reached.</summary>
    public long Overloads => Volatile.Read(ref _overloads);

    /// <summary>Requests of peers that the policy does not admit.</summary>
    public long RefusedPeers => Volatile.Read(ref _refusedPeers);

    /// <summary>Bans of strangers that run now (<see cref="SipRateLimits"/>).</summary>
    public int ActiveBans => _guard?.ActiveBans ?? 0;

    /// <summary>Bans of strangers so far.</summary>
    public long Bans => _guard?.Bans ?? 0;

    /// <summary>Messages of banned strangers that were not read.</summary>
    public long DroppedMessages => _guard?.Dropped ?? 0;

    /// <summary>Responses that belong to no transaction of ours.</summary>
    public long StrayResponses => Volatile.Read(ref _strayResponses);

    /// <summary>Connections closed at once because of a limit or a ban.</summary>
    public long ConnectionsRefused => Volatile.Read(ref _connectionsRefused);

    /// <summary>TLS handshakes that led to a connection.</summary>
    public long TlsHandshakes => Volatile.Read(ref _tlsHandshakes);

    /// <summary>TLS handshakes that failed, by reason; reasons that never occurred are left out.</summary>
    public IEnumerable<(SipTlsFailure Failure, long Count)> TlsFailures =>
        NonZero(_tlsFailures).Select(row => ((SipTlsFailure)row.Status, row.Count));

    /// <summary>Connections that became WebSockets.</summary>
    public long WebSockets => Volatile.Read(ref _webSockets);

    /// <summary>WebSocket handshakes that failed, by reason; reasons that never occurred are left out.</summary>
    public IEnumerable<(SipWebSocketFailure Failure, long Count)> WebSocketFailures =>
        NonZero(_webSocketFailures).Select(row => ((SipWebSocketFailure)row.Status, row.Count));

    /// <summary>Names in Contact and Record-Route that were not looked up because too many were under way.</summary>
    public long SkippedLookups => Volatile.Read(ref _skippedLookups);

    /// <summary>Requests of peers that must show credentials, by what these were worth: Good, Missing, Stale, Wrong, ...; what never occurred is left out.</summary>
    public IEnumerable<(string Verdict, long Count)> Authentications =>
        NonZero(_authentications).Select(row => (((DigestVerdict)row.Status).ToString(), row.Count));

    /// <summary>Challenges of peers to our requests, by why they were not answered; None counts those that were.</summary>
    public IEnumerable<(DigestRefusal Refusal, long Count)> Challenges => NonZero(_challenges).Select(row => ((DigestRefusal)row.Status, row.Count));

    /// <summary>Dialogs now.</summary>
    public int Dialogs => _gauges().Dialogs;

    /// <summary>Server transactions now.</summary>
    public int ServerTransactions => _gauges().ServerTransactions;

    /// <summary>Client transactions now.</summary>
    public int ClientTransactions => _gauges().ClientTransactions;

    /// <summary>Connections now, of all kinds.</summary>
    public int Connections => _gauges().Connections;

    /// <summary>Requests received of one method; every unknown method counts under "other".</summary>
    public IEnumerable<(string Method, long Count)> RequestsByMethod =>
        SipMethods.Known.Append("other").Select((name, index) => (name, Volatile.Read(ref _requests[index])));

    /// <summary>Responses sent, by status code; codes never sent are left out.</summary>
    public IEnumerable<(int Status, long Count)> ResponsesSent => NonZero(_sent);

    /// <summary>Responses received, by status code; codes never received are left out.</summary>
    public IEnumerable<(int Status, long Count)> ResponsesReceived => NonZero(_received);

    /// <summary>Messages refused by the parser, by reason; reasons that never occurred are left out.</summary>
    public IEnumerable<(SipParseFailure Failure, long Count)> ParseFailures =>
        NonZero(_failures).Select(row => ((SipParseFailure)row.Status, row.Count));

    /// <summary>Requests of this method received.</summary>
    public long Requests(string method) => Volatile.Read(ref _requests[IndexOf(method)]);

    /// <summary>Responses with this status code sent.</summary>
    public long Sent(int status) => Volatile.Read(ref _sent[status]);

    internal void Watch(Func<(int Dialogs, int ServerTransactions, int ClientTransactions, int Connections)> gauges) => _gauges = gauges;

    internal void Watch(SourceGuard guard) => _guard = guard;

    internal void CountSkippedLookup() => Interlocked.Increment(ref _skippedLookups);

    internal void CountAuthentication(DigestVerdict verdict) => Interlocked.Increment(ref _authentications[(int)verdict]);

    internal void CountChallenge(DigestRefusal refusal) => Interlocked.Increment(ref _challenges[(int)refusal]);

    internal void CountTlsHandshake() => Interlocked.Increment(ref _tlsHandshakes);

    internal void CountTlsFailure(SipTlsFailure failure) => Interlocked.Increment(ref _tlsFailures[(int)failure]);

    internal void CountWebSocket() => Interlocked.Increment(ref _webSockets);

    internal void CountWebSocketFailure(SipWebSocketFailure failure) => Interlocked.Increment(ref _webSocketFailures[(int)failure]);

    internal void CountRequest(string method) => Interlocked.Increment(ref _requests[IndexOf(method)]);

    internal void CountSent(int status) => Interlocked.Increment(ref _sent[status]);

    internal void CountReceived(int status) => Interlocked.Increment(ref _received[status]);

    internal void CountFailure(SipParseFailure failure) => Interlocked.Increment(ref _failures[(int)failure]);

    internal void CountRetransmissionReceived() => Interlocked.Increment(ref _retransmissionsReceived);

    internal void CountRetransmissionSent() => Interlocked.Increment(ref _retransmissionsSent);

    internal void CountOverload() => Interlocked.Increment(ref _overloads);

    internal void CountRefusedPeer() => Interlocked.Increment(ref _refusedPeers);

    internal void CountStrayResponse() => Interlocked.Increment(ref _strayResponses);

    internal void CountConnectionRefused() => Interlocked.Increment(ref _connectionsRefused);

    private static int IndexOf(string method) => MethodIndex.TryGetValue(method, out var index) ? index : SipMethods.Known.Length;

    private static IEnumerable<(int Status, long Count)> NonZero(long[] counters)
    {
        for (var i = 0; i < counters.Length; i++)
        {
            if (Volatile.Read(ref counters[i]) is var count and not 0)
            {
                yield return (i, count);
            }
        }
    }
}
