using System.Net;
using Microsoft.Extensions.Logging;

namespace Postbell.Sip.Defence;

/// <summary>Why a source was banned.</summary>
internal enum BanReason
{
    /// <summary>Too many requests.</summary>
    Requests,

    /// <summary>Too many calls.</summary>
    Calls,

    /// <summary>Too many messages that are no SIP, or connections that came to nothing.</summary>
    Malformed,

    /// <summary>Too many wrong passwords.</summary>
    Credentials,
}

/// <summary>
/// Watches how much each source sends (<see cref="SipRateLimits"/>). Called on the receive threads; the lock is held for a look into a table of fixed size.
/// </summary>
internal sealed partial class SourceGuard(SipRateLimits limits, TimeProvider time, ILogger log)
{
    private const int CallBurst = 10;
    private const int FailureBurst = 10;

    private readonly Lock _lock = new();
    private readonly SourceTable _strangers = new(limits.TrackedSources);
    private readonly SourceTable _peers = new(limits.TrackedSources);
    private long _lastBanEnds;
    private long _bans;
    private long _dropped;

    /// <summary>A ban began. Called on receive threads.</summary>
    public event Action<IPAddress>? Banned;

    /// <summary>Bans running now.</summary>
    public int ActiveBans
    {
        get
        {
            lock (_lock)
            {
                return _strangers.CountBanned(Now);
            }
        }
    }

    /// <summary>Bans so far.</summary>
    public long Bans => Volatile.Read(ref _bans);

    /// <summary>Messages of banned sources that were not read.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>False, without any look-up, while no ban runs at all.</summary>
    public bool HasBans => Volatile.Read(ref _lastBanEnds) > Now;

    private long Now => time.GetUtcNow().Ticks;

    /// <summary>True when a message of this stranger shall not even be read.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="mayProveItself">As for <see cref="Refuses"/>.</param>
    public bool Drops(IPAddress source, bool mayProveItself = false)
    {
        lock (_lock)
        {
            if (!_strangers.IsBanned(source, Now, provenOnly: mayProveItself))
            {
                return false;
            }
        }

        Interlocked.Increment(ref _dropped);
        return true;
    }

    /// <summary>True when connections of this stranger shall be closed unread.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="mayProveItself">
    /// A certificate or credentials may yet show that it is no stranger. Then a ban of datagrams does not count: anybody can write the address of a gateway into those.
    /// </param>
    public bool Refuses(IPAddress source, bool mayProveItself)
    {
        lock (_lock)
        {
            return _strangers.IsBanned(source, Now, provenOnly: mayProveItself);
        }
    }

    /// <summary>A stranger sent a request; past its rate it is banned.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="isCall">The request is an INVITE.</param>
    /// <param name="proven">It came over a connection.</param>
    public void OnStranger(IPAddress source, bool isCall, bool proven)
    {
        bool banned;
        lock (_lock)
        {
            var now = Now;
            ref var record = ref _strangers.Find(source, now);
            banned = !record.Requests.Take(now, TimeSpan.TicksPerSecond / limits.StrangerRequestsPerSecond, limits.StrangerBurst)
                ? Ban(ref record, source, now, BanReason.Requests, proven)
                : isCall && !record.Calls.Take(now, TimeSpan.TicksPerMinute / limits.StrangerCallsPerMinute, CallBurst)
                    && Ban(ref record, source, now, BanReason.Calls, proven);
        }

        Announce(source, banned);
    }

    /// <summary>A stranger sent something that is no SIP, or opened a connection that came to nothing.</summary>
    /// <param name="source">Its address.</param>
    /// <param name="proven">It came over a connection.</param>
    public void OnStrangersFailure(IPAddress source, bool proven) => OnFailure(source, proven, BanReason.Malformed);

    /// <summary>A stranger answered a challenge that was sent to its address with wrong credentials.</summary>
    public void OnWrongCredentials(IPAddress source) => OnFailure(source, proven: true, BanReason.Credentials);

    private void OnFailure(IPAddress source, bool proven, BanReason reason)
    {
        bool banned;
        lock (_lock)
        {
            var now = Now;
            ref var record = ref _strangers.Find(source, now);
            banned = !record.Failures.Take(now, TimeSpan.TicksPerMinute / limits.StrangerFailuresPerMinute, FailureBurst)
                && Ban(ref record, source, now, reason, proven);
        }

        Announce(source, banned);
    }

    /// <summary>False when an admitted peer asks for more at once than is allowed.</summary>
    public bool Takes(IPAddress peer, bool isCall)
    {
        lock (_lock)
        {
            var now = Now;
            ref var record = ref _peers.Find(peer, now);
            return record.Requests.Take(now, TimeSpan.TicksPerSecond / limits.PeerRequestsPerSecond, limits.PeerRequestsPerSecond * 2)
                && (!isCall || record.Calls.Take(now, TimeSpan.TicksPerSecond / limits.PeerCallsPerSecond, limits.PeerCallsPerSecond * 2));
        }
    }

    private void Announce(IPAddress source, bool banned)
    {
        // Outside of the lock: whoever listens closes connections.
        if (banned)
        {
            Banned?.Invoke(source);
        }
    }

    private bool Ban(ref SourceRecord record, IPAddress source, long now, BanReason reason, bool proven)
    {
        if (record.BannedUntil > now)
        {
            return false;
        }

        if (now - record.BannedUntil > limits.LongestBan.Ticks)
        {
            record.Bans = 0;
        }

        var longest = limits.LongestBan.Ticks;
        var doublings = Math.Min(record.Bans, 40);
        var length = doublings > 30 || limits.FirstBan.Ticks > longest >> doublings ? longest : limits.FirstBan.Ticks << doublings;
        record.Bans++;
        record.BannedUntil = now + length;
        record.BanIsProven = proven;
        _lastBanEnds = Math.Max(_lastBanEnds, record.BannedUntil);
        Interlocked.Increment(ref _bans);
        LogBan(source, (long)TimeSpan.FromTicks(length).TotalSeconds, reason, record.Bans);
        return true;
    }

    // The wording is kept: fail2ban and the like look for it.
    [LoggerMessage(10, LogLevel.Warning, "Security: banned {Source} for {Seconds} s, reason {Reason}, ban number {Number}")]
    private partial void LogBan(IPAddress source, long seconds, BanReason reason, int number);
}
