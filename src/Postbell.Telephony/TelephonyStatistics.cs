using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Postbell.Telephony;

/// <summary>Counters of the telephone side since the start. Safe from any thread.</summary>
public sealed class TelephonyStatistics
{
    private readonly ConcurrentDictionary<string, long> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _outbound = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _notifications = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _texts = new(StringComparer.Ordinal);
    private long _promptFallbacks;

    /// <summary>Calls by what became of them: message, missedcall, nomessage, failed, cancelled, or the name of the refusal.</summary>
    public IReadOnlyDictionary<string, long> Calls => _calls.ToFrozenDictionary();

    /// <summary>Calls we made, by what became of them, and those that were not made, by the name of the reason.</summary>
    public IReadOnlyDictionary<string, long> OutboundCalls => _outbound.ToFrozenDictionary();

    /// <summary>Lamp notifications by result: SIP status class, or why none could be sent.</summary>
    public IReadOnlyDictionary<string, long> LampNotifications => _notifications.ToFrozenDictionary();

    /// <summary>Text messages by what became of them: accepted, or the name of the refusal.</summary>
    public IReadOnlyDictionary<string, long> TextMessages => _texts.ToFrozenDictionary();

    /// <summary>Times a tone was played because a prompt was missing.</summary>
    public long PromptFallbacks => Volatile.Read(ref _promptFallbacks);

    /// <summary>How the calls that ended sounded.</summary>
    public Calls.QualityStatistics Quality { get; } = new();

    internal void CountCall(string result) => _calls.AddOrUpdate(result, 1, static (_, n) => n + 1);

    internal void CountOutboundCall(string result) => _outbound.AddOrUpdate(result, 1, static (_, n) => n + 1);

    internal void CountNotification(string result) => _notifications.AddOrUpdate(result, 1, static (_, n) => n + 1);

    internal void CountTextMessage(string result) => _texts.AddOrUpdate(result, 1, static (_, n) => n + 1);

    internal void CountPromptFallback() => Interlocked.Increment(ref _promptFallbacks);
}
