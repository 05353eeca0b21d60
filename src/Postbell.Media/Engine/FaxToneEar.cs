using Postbell.Media.Codecs;
using Postbell.Media.Tones;

namespace Postbell.Media.Engine;

/// <summary>Listens for fax tones in the audio of a peer: cuts it into blocks of 8000 Hz, whatever codec and packets it comes in.</summary>
internal sealed class FaxToneEar(Action<FaxTone> heard)
{
    private const int BlockSamples = FaxToneDetector.BlockSamples;

    // A packet or two that got lost are taken as they are: the next follows the last.
    private const int LongestPatch = 2 * BlockSamples;

    private readonly FaxToneDetector _detector = new();
    private readonly short[] _block = new short[BlockSamples];
    private WideToNarrow _narrow;
    private uint _nextTimestamp;
    private int _filled;
    private bool _placed;

    /// <summary>The peer's timestamps start anew.</summary>
    public void OnStreamChanged() => _placed = false;

    /// <summary>Listens to the next packet.</summary>
    public void OnAudio(uint timestamp, ReadOnlySpan<byte> codes, G711Law law)
    {
        Place(timestamp, codes.Length);
        while (!codes.IsEmpty)
        {
            var take = Math.Min(codes.Length, BlockSamples - _filled);
            G711.Decode(codes[..take], _block.AsSpan(_filled, take), law);
            codes = codes[take..];
            Advance(take);
        }
    }

    /// <summary>Listens to the next packet of a wideband call, that begins at a tick of 1/8000 s.</summary>
    public void OnWideAudio(uint tick, ReadOnlySpan<short> samples)
    {
        Place(tick, samples.Length / 2);
        while (samples.Length > 1)
        {
            var take = Math.Min(samples.Length, (BlockSamples - _filled) * 2);
            var count = _narrow.Convert(samples[..take], _block.AsSpan(_filled));
            samples = samples[take..];
            Advance(count);
        }
    }

    private void Advance(int count)
    {
        _filled += count;
        if (_filled < BlockSamples)
        {
            return;
        }

        _filled = 0;
        if (_detector.Add(_block) is { } tone)
        {
            heard(tone);
        }
    }

    private void Place(uint timestamp, int length)
    {
        if (!_placed || timestamp - _nextTimestamp > LongestPatch)
        {
            _detector.Reset();
            _filled = 0;
        }

        _placed = true;
        _nextTimestamp = timestamp + (uint)length;
    }
}
