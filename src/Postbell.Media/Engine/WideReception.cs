using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Concealment;
using Postbell.Media.Rtp;

namespace Postbell.Media.Engine;

/// <summary>
/// Decodes the wideband packets of one call to linear audio of 16 kHz, on a time line of ticks of 1/8000 s whatever the clock of the codec. What was lost is
/// made up for: by Opus itself, which may repeat a frame in the next packet, or after the waveform. The decoders live as long as the call.
/// </summary>
internal sealed class WideReception(EngineLoop loop, IWideListener listener) : IDisposable
{
    private const int OpusUnitsPerTick = 6;
    private const int SamplesPerTick = 2;

    // 2.5 ms.
    private const int TicksPerUnit = 20;

    // Beyond 120 ms a made-up voice is worse than silence.
    private const int LongestConcealed = 960;

    // A sender that says nothing in a pause (DTX) tells every 400 ms how it sounds; in between the decoder makes the noise.
    private const int LongestPause = 4000;

    // In the middle of the range: neither reordering nor wrapping leaves it.
    private ulong _opusTime = 1UL << 62;
    private IAudioDecoder? _g722;
    private IAudioDecoder? _opus;
    private WaveformConcealer? _concealer;
    private PayloadKind _kind;
    private uint _nextTick;
    private bool _placed;
    private bool _lost;
    private bool _isResting;

    /// <summary>The peer's timestamps start anew.</summary>
    public void OnStreamChanged()
    {
        _placed = false;
        _lost = false;
    }

    /// <summary>Packets before the next one are lost.</summary>
    public void OnLost() => _lost = true;

    /// <summary>Decodes a packet and gives it, and what was lost before it, to the listener.</summary>
    public void OnFrame(PayloadKind kind, uint timestamp, ReadOnlySpan<byte> payload, long nowNs)
    {
        if (kind != _kind)
        {
            _kind = kind;
            _placed = false;
            _concealer?.Reset();
            listener.OnClockChanged();
        }

        var tick = kind == PayloadKind.Opus ? TickOf(timestamp) : timestamp;
        var missing = _placed && _lost ? (int)(tick - _nextTick) : 0;
        missing = missing is > 0 and <= LongestConcealed ? missing : 0;
        _lost = false;
        if (kind == PayloadKind.Opus)
        {
            GoOnThroughPause(missing == 0 && _placed ? (int)(tick - _nextTick) : 0, nowNs);
            TakeOpus(tick, missing, payload, nowNs);
        }
        else
        {
            TakeG722(tick, missing, payload, nowNs);
        }
    }

    public void Dispose()
    {
        _g722?.Dispose();
        _opus?.Dispose();
    }

    /// <summary>A pause that the sender announced sounds as its line does; any other is silence.</summary>
    private void GoOnThroughPause(int ticks, long nowNs)
    {
        if (ticks is <= 0 or > LongestPause || _opus is null || !_isResting)
        {
            return;
        }

        for (; ticks >= TicksPerUnit; ticks -= LongestConcealed)
        {
            var part = loop.Samples.AsSpan(0, Math.Min(ticks, LongestConcealed) / TicksPerUnit * TicksPerUnit * SamplesPerTick);
            Give(_nextTick, part[.._opus.Conceal(part)], nowNs);
        }
    }

    private void TakeOpus(uint tick, int missing, ReadOnlySpan<byte> payload, long nowNs)
    {
        _opus ??= CodecSupport.CreateDecoder(VoiceCodec.Opus);
        var samples = loop.Samples.AsSpan();
        if (missing > 0 && Math.Min(OpusPacket.Units(payload) * TicksPerUnit, missing) is > 0 and var repeated)
        {
            Give(_nextTick, samples[.._opus.Conceal(samples[..((missing - repeated) * SamplesPerTick)])], nowNs);
            var last = samples[..(repeated * SamplesPerTick)];
            var count = _opus.Recover(payload, last);
            Give(tick - (uint)repeated, last[..(count > 0 ? count : _opus.Conceal(last))], nowNs);
        }

        Give(tick, samples[.._opus.Decode(payload, samples)], nowNs, isReceived: true);
        _isResting = OpusPacket.IsRest(payload);
    }

    private void TakeG722(uint tick, int missing, ReadOnlySpan<byte> payload, long nowNs)
    {
        _g722 ??= CodecSupport.CreateDecoder(VoiceCodec.G722);
        _concealer ??= new WaveformConcealer(VoiceCodecFacts.WideRate);
        var samples = loop.Samples.AsSpan();
        samples = samples[.._g722.Decode(payload, samples)];
        if (missing > 0)
        {
            var gap = loop.Fill.AsSpan(0, missing * SamplesPerTick);
            _concealer.Conceal(gap, samples);
            Give(_nextTick, gap, nowNs);
        }

        _concealer.Keep(samples);
        Give(tick, samples, nowNs, isReceived: true);
    }

    private void Give(uint tick, ReadOnlySpan<short> samples, long nowNs, bool isReceived = false)
    {
        if (samples.IsEmpty)
        {
            if (isReceived)
            {
                listener.OnDamaged();
            }

            return;
        }

        _placed = true;
        _nextTick = tick + (uint)(samples.Length / SamplesPerTick);
        listener.OnWideAudio(tick, samples, nowNs);
    }

    /// <summary>Counts the clock of 48000 on over its wraps, so that a sixth of it has none of its own.</summary>
    private uint TickOf(uint timestamp)
    {
        _opusTime += (ulong)(int)(timestamp - (uint)_opusTime);
        return (uint)(_opusTime / OpusUnitsPerTick);
    }
}
