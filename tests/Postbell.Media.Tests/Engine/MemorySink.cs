namespace Postbell.Media.Tests.Engine;

internal sealed class MemorySink : IRecordingSink
{
    private readonly byte[] _bytes = new byte[8000 * 700];
    private readonly short[] _wide = new short[16000 * 150];

    public int Length { get; private set; }

    public int WideLength { get; private set; }

    public ReadOnlySpan<short> WideAudio => _wide.AsSpan(0, WideLength);

    public HashSet<G711Law> Laws { get; } = [];

    public ReadOnlySpan<byte> Audio => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> g711, G711Law law)
    {
        g711.CopyTo(_bytes.AsSpan(Length));
        Length += g711.Length;
        Laws.Add(law);
    }

    public void Append(ReadOnlySpan<short> wide)
    {
        wide.CopyTo(_wide.AsSpan(WideLength));
        WideLength += wide.Length;
    }
}
