using Postbell.Media.Codecs;
using Postbell.Media.Engine;

namespace Postbell.Media.Playback;

/// <summary>One playback: walks through its clips packet by packet, without gaps between them.</summary>
internal sealed class Player : EngineOperation<PlayResult>
{
    private readonly SessionCore _session;
    private readonly PlayList _list;
    private readonly ReadOnlyMemory<byte>[] _clips;
    private G711Law _law;
    private int _index;
    private int _offset;
    private long _position;

    public Player(SessionCore session, PlayList list, DigitSet interruptedBy, G711Law law)
    {
        _session = session;
        _list = list;
        InterruptedBy = interruptedBy;
        _clips = new ReadOnlyMemory<byte>[list.Clips.Count];

        // Companding a long clip for the first time takes a while: here, on the caller's thread, not on the engine's.
        Encode(law);
        Skip((long)(list.Start.TotalSeconds * G711.SampleRate));
    }

    public DigitSet InterruptedBy { get; }

    /// <summary>True when nothing is left.</summary>
    public bool IsExhausted => _index == _clips.Length;

    /// <summary>Takes the clips in the law of the call; they are cached unless the call changed its codec in the middle.</summary>
    public void Encode(G711Law law)
    {
        _law = law;
        for (var i = 0; i < _clips.Length; i++)
        {
            _clips[i] = _list.Clips[i].Encoded(law);
        }
    }

    /// <summary>Fills one packet; what is left of it after the last clip is silence.</summary>
    public void Fill(Span<byte> payload, G711Law law)
    {
        if (law != _law)
        {
            Encode(law);
        }

        while (!payload.IsEmpty && !IsExhausted)
        {
            var rest = _clips[_index].Span[_offset..];
            var take = Math.Min(rest.Length, payload.Length);
            rest[..take].CopyTo(payload);
            payload = payload[take..];
            Advance(take);
        }

        payload.Fill(G711.SilenceByte(law));
    }

    public void CompleteAll() => Finish(PlayEnd.Completed, null);

    public void Interrupt(char digit) => Finish(PlayEnd.Interrupted, digit);

    public void Close() => Cancel(new CancellationToken(canceled: true));

    protected override void OnCancelled(CancellationToken ct)
    {
        _session.Detach(this);
        Cancel(ct);
    }

    private void Finish(PlayEnd end, char? digit)
    {
        _session.Detach(this);
        Complete(new PlayResult(end, digit, TimeSpan.FromMicroseconds(_position * 125L)));
    }

    private void Skip(long samples)
    {
        while (!IsExhausted && (samples > 0 || _clips[_index].IsEmpty))
        {
            var take = (int)Math.Min(samples, _clips[_index].Length - _offset);
            samples -= take;
            Advance(take);
        }
    }

    private void Advance(int samples)
    {
        _position += samples;
        _offset += samples;
        while (!IsExhausted && _offset == _clips[_index].Length)
        {
            _index++;
            _offset = 0;
        }
    }
}
