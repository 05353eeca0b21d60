using Postbell.Media.Concealment;

namespace Postbell.Media.Rtp;

/// <summary>
/// Finds silent stretches in what we play and says what is sent in their place (RFC 3389): the beginning of a pause as it is, then how it sounds, again
/// whenever that changes and now and then besides, so that nobody takes the call for dead. Allocates nothing.
/// </summary>
internal sealed class SilenceSuppressor
{
    // 54 dB below full scale: softer than the softest end of a word.
    private const double LoudestSilence = 66;
    private const int HangoverMs = 200;
    private const int RepeatMs = 400;
    private const int ChangeDb = 3;
    private const int Quietest = 127;

    private readonly byte[] _payload = new byte[1 + NoiseSpectrum.SentOrder];
    private int _length;
    private int _silentMs;
    private int _sinceSentMs;
    private int _sentDb;

    /// <summary>What is sent in place of silence, after a verdict of <see cref="SilenceVerdict.Noise"/>.</summary>
    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _length);

    /// <summary>Sound begins anew.</summary>
    public void Reset() => _silentMs = 0;

    /// <summary>Judges the next packet.</summary>
    /// <param name="sound">Its samples.</param>
    /// <param name="milliseconds">Its length.</param>
    /// <param name="spectrum">True when the noise is described with its spectrum: the sample rate is the clock rate.</param>
    public SilenceVerdict Judge(ReadOnlySpan<short> sound, int milliseconds, bool spectrum)
    {
        var level = LevelOf(sound);
        if (level > LoudestSilence)
        {
            _silentMs = 0;
            return SilenceVerdict.Sound;
        }

        var isBegun = _silentMs >= HangoverMs;
        _silentMs = Math.Min(_silentMs + milliseconds, HangoverMs);
        if (_silentMs < HangoverMs)
        {
            return SilenceVerdict.Sound;
        }

        var minusDb = level < 1 ? Quietest : (int)Math.Clamp(Math.Round(20 * Math.Log10(short.MaxValue / level)), 0, Quietest);
        _sinceSentMs += milliseconds;
        if (isBegun && _sinceSentMs < RepeatMs && Math.Abs(minusDb - _sentDb) <= ChangeDb)
        {
            return SilenceVerdict.Nothing;
        }

        _sinceSentMs = 0;
        _sentDb = minusDb;
        _payload[0] = (byte)minusDb;
        _length = 1 + (spectrum ? NoiseSpectrum.Write(sound, _payload.AsSpan(1)) : 0);
        return SilenceVerdict.Noise;
    }

    private static double LevelOf(ReadOnlySpan<short> sound)
    {
        long energy = 0;
        foreach (var sample in sound)
        {
            energy += sample * sample;
        }

        return sound.IsEmpty ? 0 : Math.Sqrt(energy / (double)sound.Length);
    }
}
