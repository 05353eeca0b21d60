using System.Diagnostics.CodeAnalysis;

namespace Postbell.Core;

/// <summary>
/// Names one call and everything that came of it: spool entry, ledger rows, log lines, delivered message. Time-ordered (UUID version 7,
/// RFC 9562), written as 32 lower-case hexadecimal digits.
/// </summary>
public readonly record struct TraceId(Guid Value) : IComparable<TraceId>
{
    /// <summary>A new id that sorts after those made in earlier milliseconds.</summary>
    public static TraceId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Reads the written form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TraceId id)
    {
        var ok = Guid.TryParseExact(text, "N", out var value);
        id = new TraceId(value);
        return ok;
    }

    /// <inheritdoc />
    public int CompareTo(TraceId other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <inheritdoc />
    public override string ToString() => Value.ToString("N");
}
