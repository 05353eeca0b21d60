using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;

namespace Postbell.Media.Playback;

/// <summary>One playback: walks through its clips packet by packet, without gaps between them. Positions are ticks of 1/8000 s, whatever the codec.</summary>
internal sealed class Player : EngineOperation<PlayResult>
{
    private const int WideSamplesPerTick = 2;

    private readonly SessionCore _session;
    private readonly PlayList _list;
    private readonly ReadOnlyMemory<byte>[] _encoded;
    private readonly ReadOnlyMemory<short>[] _wide;
    private VoiceCodec _codec;
    private int _index;
    private int _offset;
    private long _position;

    public Player(SessionCore session, PlayList list, DigitSet interruptedBy, VoiceCodec codec)
    {
        _session = session;
        _list = list;
        InterruptedBy = interruptedBy;
        _encoded = new ReadOnlyMemory<byte>[list.Clips.Count];
        _wide = new ReadOnlyMemory<short>[list.Clips.Count];

        // Encoding a long clip for the first time takes a while: here, on the caller's thread, not on the engine's.
        Prepare(codec);
        Skip((long)(list.Start.TotalSeconds * G711.SampleRate));
    }

    public DigitSet InterruptedBy { get; }

    /// <summary>True when nothing is left.</summary>
    public bool IsExhausted => _index == _list.Clips.Count;

    /// <summary>Fills one packet of a codec with one byte a tick; what is left of it after the last clip is silence.</summary>
    public void Fill(Span<byte> payload, VoiceCodec codec)
    {
        if (codec != _codec)
        {
            Prepare(codec);
        }

        while (!payload.IsEmpty && !IsExhausted)
        {
            var rest = _encoded[_index].Span[_offset..];
            var take = Math.Min(rest.Length, payload.Length);
            rest[..take].CopyTo(payload);
            payload = payload[take..];
            Advance(take);
        }

        payload.Fill(CodecSilence.Byte(codec));
    }

    /// <summary>Fills one packet with linear audio of 16 kHz, to be encoded.</summary>
    public void Fill(Span<short> samples)
    {
        if (_codec != VoiceCodec.Opus)
        {
            Prepare(VoiceCodec.Opus);
        }

        while (!samples.IsEmpty && !IsExhausted)
        {
            var rest = _wide[_index].Span[(_offset * WideSamplesPerTick)..(_list.Clips[_index].Length * WideSamplesPerTick)];
            var take = Math.Min(rest.Length, samples.Length);
            rest[..take].CopyTo(samples);
            samples = samples[take..];
            Advance(take / WideSamplesPerTick);
        }

        samples.Clear();
    }

    public void CompleteAll() => Finish(PlayEnd.Completed, null);

    public void Interrupt(char digit) => Finish(PlayEnd.Interrupted, digit);

    public void Close() => Cancel(new CancellationToken(canceled: true));

    protected override void OnCancelled(CancellationToken ct)
    {
        _session.Detach(this);
        Cancel(ct);
    }

    /// <summary>Takes the clips in the codec of the call; they are cached unless the call changed its codec in the middle.</summary>
    private void Prepare(VoiceCodec codec)
    {
        _codec = codec;
        for (var i = 0; i < _encoded.Length; i++)
        {
            if (codec == VoiceCodec.Opus)
            {
                _wide[i] = _list.Clips[i].Wide().Samples;
            }
            else
            {
                _encoded[i] = _list.Clips[i].Encoded(codec);
            }
        }
    }

    private void Finish(PlayEnd end, char? digit)
    {
        _session.Detach(this);
        Complete(new PlayResult(end, digit, TimeSpan.FromMicroseconds(_position * 125L)));
    }

    private void Skip(long ticks)
    {
        while (!IsExhausted && (ticks > 0 || _list.Clips[_index].Length == 0))
        {
            var take = (int)Math.Min(ticks, _list.Clips[_index].Length - _offset);
            ticks -= take;
            Advance(take);
        }
    }

    private void Advance(int ticks)
    {
        _position += ticks;
        _offset += ticks;
        while (!IsExhausted && _offset == _list.Clips[_index].Length)
        {
            _index++;
            _offset = 0;
        }
    }
}
