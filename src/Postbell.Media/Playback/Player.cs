using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Engine;

namespace Postbell.Media.Playback;

/// <summary>
/// One playback: walks through its clips packet by packet, without gaps between them. Positions are ticks of 1/8000 s, whatever the codec. As long as nobody
/// changes it, packets are copies of clips encoded before; from the first change on it is made live.
/// </summary>
internal sealed class Player : EngineOperation<PlayResult>
{
    private const int WideSamplesPerTick = 2;
    private const long MicrosecondsPerTick = 125;

    private readonly SessionCore _session;
    private readonly PlayList _list;
    private readonly ReadOnlyMemory<byte>[] _encoded;
    private readonly ReadOnlyMemory<short>[] _wide;
    private readonly PlaybackControl? _control;
    private PlaybackControl.Wishes? _followed;
    private LivePlayback? _live;
    private int _movesDone;
    private G711Law? _law;
    private int _index;
    private int _offset;
    private long _position;

    public Player(SessionCore session, PlayList list, DigitSet interruptedBy, VoiceCodec codec, PlaybackControl? control = null)
    {
        _session = session;
        _list = list;
        _control = control;
        InterruptedBy = interruptedBy;
        _encoded = new ReadOnlyMemory<byte>[list.Clips.Count];
        _wide = new ReadOnlyMemory<short>[list.Clips.Count];

        // Encoding a long clip for the first time takes a while: here, on the caller's thread, not on the engine's.
        Prepare(codec.LawOf());
        _movesDone = control?.Wanted.Move ?? 0;
        Skip((long)((control?.Position ?? list.Start).TotalSeconds * G711.SampleRate));
    }

    public DigitSet InterruptedBy { get; }

    /// <summary>True when nothing is left.</summary>
    public bool IsExhausted => _live?.IsOver ?? _index == _list.Clips.Count;

    private long Position => _live?.Position ?? _position;

    /// <summary>Takes what was changed since the last packet; false while it is paused.</summary>
    public bool Follow()
    {
        if (_control is null)
        {
            return true;
        }

        var wishes = _control.Wanted;
        if (!ReferenceEquals(wishes, _followed))
        {
            Follow(wishes, _followed is null);
        }

        return _live is not { IsSilent: true };
    }

    /// <summary>Fills one packet of G.711; what is left of it after the last clip is silence.</summary>
    public void Fill(Span<byte> payload, G711Law law)
    {
        if (law != _law)
        {
            Prepare(law);
        }

        if (_live is { } live)
        {
            live.Fill(payload);
            Report();
            return;
        }

        while (!payload.IsEmpty && _index < _encoded.Length)
        {
            var rest = _encoded[_index].Span[_offset..];
            var take = Math.Min(rest.Length, payload.Length);
            rest[..take].CopyTo(payload);
            payload = payload[take..];
            Advance(take);
        }

        payload.Fill(G711.SilenceByte(law));
        Report();
    }

    /// <summary>Fills one packet with linear audio of 16 kHz, to be encoded.</summary>
    public void Fill(Span<short> samples)
    {
        if (_law is not null)
        {
            Prepare(null);
        }

        if (_live is { } live)
        {
            live.Fill(samples);
            Report();
            return;
        }

        while (!samples.IsEmpty && _index < _wide.Length)
        {
            var rest = _wide[_index].Span[(_offset * WideSamplesPerTick)..(_list.Clips[_index].Length * WideSamplesPerTick)];
            var take = Math.Min(rest.Length, samples.Length);
            rest[..take].CopyTo(samples);
            samples = samples[take..];
            Advance(take / WideSamplesPerTick);
        }

        samples.Clear();
        Report();
    }

    public void CompleteAll() => Finish(PlayEnd.Completed, null);

    public void Interrupt(char digit) => Finish(PlayEnd.Interrupted, digit);

    public void Close() => Cancel(new CancellationToken(canceled: true));

    protected override void OnCancelled(CancellationToken ct)
    {
        _session.Detach(this);
        Cancel(ct);
    }

    private void Follow(PlaybackControl.Wishes wishes, bool isFirst)
    {
        _followed = wishes;
        var moved = wishes.Move != _movesDone;
        if (_live is null && wishes.IsPlain && !moved)
        {
            return;
        }

        var before = !isFirst ? 1 : wishes.IsPaused ? 0 : LiveSound.GainOf(wishes.VolumeDb);
        _live ??= GoLive(_position, before);
        _live.Change(wishes);
        if (moved)
        {
            _movesDone = wishes.Move;
            _live.Jump(wishes.MoveToTicks / TimeSpan.TicksPerMicrosecond / MicrosecondsPerTick);
            Report();
        }
    }

    private LivePlayback GoLive(long position, float gain)
    {
        var source = _law is { } law ? new ClipSamples(_encoded, law) : new ClipSamples(WideClips(), VoiceCodecFacts.WideRate);
        return new LivePlayback(source, _law, position, gain);
    }

    private ReadOnlyMemory<short>[] WideClips() =>
        [.. _list.Clips.Select(static clip => clip.Wide().Samples[..(clip.Length * WideSamplesPerTick)])];

    private void Report() => _control?.Report(TimeSpan.FromMicroseconds(Position * MicrosecondsPerTick), _movesDone);

    /// <summary>Takes the clips in the codec of the call; they are cached unless the call changed its codec in the middle.</summary>
    private void Prepare(G711Law? wanted)
    {
        _law = wanted;
        for (var i = 0; i < _encoded.Length; i++)
        {
            if (wanted is { } law)
            {
                _encoded[i] = _list.Clips[i].Encoded(law);
            }
            else
            {
                _wide[i] = _list.Clips[i].Wide().Samples;
            }
        }

        if (_live is { } before)
        {
            _live = GoLive(before.Position, 0);
            _live.Change(_followed!);
        }
    }

    private void Finish(PlayEnd end, char? digit)
    {
        _session.Detach(this);
        Report();
        Complete(new PlayResult(end, digit, TimeSpan.FromMicroseconds(Position * MicrosecondsPerTick)));
    }

    private void Skip(long ticks)
    {
        while (_index < _encoded.Length && (ticks > 0 || _list.Clips[_index].Length == 0))
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
        while (_index < _encoded.Length && _offset == _list.Clips[_index].Length)
        {
            _index = _index + 1 == _list.Clips.Count && _list.IsLooped ? 0 : _index + 1;
            _offset = 0;
        }
    }
}
