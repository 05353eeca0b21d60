using Postbell.Media.Codecs;

namespace Postbell.Media.Recording;

/// <summary>What is fixed about each stored format. The time line of recordings is counted in ticks of 1/8000 s, whatever the format.</summary>
internal static class RecordedFormatFacts
{
    public const int TicksPerSecond = 8000;

    public static RecordedFormat ToFormat(this G711Law law) => law == G711Law.A ? RecordedFormat.A : RecordedFormat.Mu;

    /// <summary>The companding of a G.711 format; null for linear audio.</summary>
    public static G711Law? Law(this RecordedFormat format) => format switch
    {
        RecordedFormat.Mu => G711Law.Mu,
        RecordedFormat.A => G711Law.A,
        _ => null,
    };

    /// <summary>Bytes of a tick as a power of two.</summary>
    public static int TickShift(this RecordedFormat format) => format == RecordedFormat.Wide ? 2 : 0;

    public static TimeSpan Time(long ticks) => TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond));

    /// <summary>Silence of some length.</summary>
    public static byte[] Silence(this RecordedFormat format, long ticks)
    {
        var bytes = new byte[ticks << format.TickShift()];
        if (format.Law() is { } law)
        {
            Array.Fill(bytes, G711.SilenceByte(law));
        }

        return bytes;
    }
}
