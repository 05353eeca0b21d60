using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Jitter;

namespace Postbell.Media.Tests.Jitter;

/// <summary>A sender with a clock of its own, a bad network and a jitter buffer that somebody listens to, in fake time.</summary>
internal sealed class JitterRig(LossyLink link, JitterOptions? options = null, VoiceCodec codec = VoiceCodec.Pcmu) : IDisposable
{
    private readonly List<short> _heard = [];
    private double _nextSendMs;
    private int _position;

    public JitterBuffer Buffer { get; } = new(codec.SampleRate(), options ?? new JitterOptions(), 5);

    public ushort Sequence { get; set; } = 65_500;

    public uint Timestamp { get; set; } = 0xFFFF_F000;

    public double NowMs { get; private set; }

    /// <summary>How much faster the sender's clock is, in millionths.</summary>
    public double DriftPpm { get; set; }

    /// <summary>True while nothing comes through; what was sent meanwhile comes afterwards at once.</summary>
    public Func<double, bool>? Stalls { get; set; }

    /// <summary>How many milliseconds more a packet takes, by its number in the run.</summary>
    public Func<int, double>? Late { get; set; }

    /// <summary>Looks at each packet before it is sent; false is a pause of the sender.</summary>
    public Func<int, bool>? Sends { get; set; }

    public short[] Heard => [.. _heard];

    public List<int> DelaysMs { get; } = [];

    /// <summary>Sends a voice and listens, 20 ms at a time.</summary>
    public short[] Run(short[] voice)
    {
        var perPacket = codec.SampleRate() / 50;
        using var encoder = CodecSupport.CreateEncoder(codec, new OpusParameters());
        var payload = new byte[IAudioEncoder.MaxBytes];
        var sound = new short[perPacket];
        var end = NowMs + (voice.Length * 1000.0 / codec.SampleRate());
        _position = 0;
        for (; NowMs < end; NowMs += 2.5)
        {
            while (_nextSendMs <= NowMs && _position + perPacket <= voice.Length)
            {
                var length = encoder.Encode(voice.AsSpan(_position, perPacket), payload);
                if (Sends?.Invoke(_position / perPacket) ?? true)
                {
                    link.Enter([(byte)(Sequence >> 8), (byte)Sequence, .. BitConverter.GetBytes(Timestamp), .. payload.AsSpan(0, length)], _nextSendMs, Late?.Invoke(_position / perPacket) ?? 0);
                    Sequence++;
                }

                Timestamp += (uint)(codec.ClockRate() / 50);
                _position += perPacket;
                _nextSendMs += 20 / (1 + (DriftPpm / 1e6));
            }

            link.Leave(Stalls?.Invoke(NowMs) ?? false ? -1 : NowMs, p => Buffer.Insert(codec, (ushort)((p[0] << 8) | p[1]), BitConverter.ToUInt32(p, 2), p.AsSpan(6), (long)(NowMs * 1e6)));
            if (NowMs % 20 == 10)
            {
                Buffer.Pull(sound, (long)(NowMs * 1e6));
                _heard.AddRange(sound);
                DelaysMs.Add(Buffer.Statistics.DelayMs);
            }
        }

        return Heard;
    }

    public void Dispose() => Buffer.Dispose();
}
