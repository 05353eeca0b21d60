using Postbell.Media.Codecs;
using Postbell.Media.Tones;

namespace Postbell.Media.Engine;

/// <summary>Listens for touch tones in the audio of a peer that has no telephone-events. Decoded sound of 8000 Hz passes in order, holes and all.</summary>
internal sealed class InBandKeys(IKeyListener listener)
{
    private const int BlockSamples = 160;

    // A packet or two that got lost must not make two presses of one; a longer hole is a pause.
    private const int LongestPatch = 2 * BlockSamples;

    private readonly DtmfDetector _detector = new(listener);
    private readonly short[] _block = new short[BlockSamples];
    private WideToNarrow _narrow;
    private uint _nextTimestamp;
    private bool _placed;

    /// <summary>The peer's timestamps start anew.</summary>
    public void OnStreamChanged() => _placed = false;

    /// <summary>Listens to the next packet of a wideband call, that begins at a tick of 1/8000 s.</summary>
    public void OnWideAudio(uint tick, ReadOnlySpan<short> samples)
    {
        Place(tick, samples.Length / 2);
        for (; samples.Length > 1; samples = samples[Math.Min(samples.Length, BlockSamples * 2)..])
        {
            _detector.Add(_block.AsSpan(0, _narrow.Convert(samples[..Math.Min(samples.Length, BlockSamples * 2)], _block)));
        }
    }

    /// <summary>Listens to the next packet.</summary>
    public void OnAudio(uint timestamp, ReadOnlySpan<byte> codes, G711Law law)
    {
        Place(timestamp, codes.Length);
        for (; !codes.IsEmpty; codes = codes[Math.Min(codes.Length, BlockSamples)..])
        {
            var block = _block.AsSpan(0, Math.Min(codes.Length, BlockSamples));
            G711.Decode(codes[..block.Length], block, law);
            _detector.Add(block);
        }
    }

    /// <summary>Nothing comes any more: a key that is down comes up.</summary>
    public void Release()
    {
        _detector.Reset();
        _placed = false;
    }

    private void Place(uint timestamp, int length)
    {
        if (!_placed || timestamp - _nextTimestamp > LongestPatch)
        {
            _detector.Reset();
        }

        _placed = true;
        _nextTimestamp = timestamp + (uint)length;
    }
}
