using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Recording;
using Postbell.Media.Tones;

namespace Postbell.Media.Engine;

/// <summary>
/// Tells speech from the noise of the line by energy, in blocks of 20 ms. The threshold follows the noise: a block is loud when it is 9 dB above the
/// quietest block of the last three seconds, within fixed bounds; only three loud blocks in a row are speech, so that clicks are not. A loud tone of a
/// machine counts until it is known as one, then not at all, from its beginning.
/// </summary>
internal struct SpeechMeter
{
    private const int BlockSamples = 160;
    private const int LoudBlocksNeeded = 3;
    private const double NoiseMargin = 8;

    // Before a tone is as loud as it stays, so many blocks of it may pass.
    private const int ToneOnset = 5;

    // -52 and -32 dB below full scale, as mean squares: below the first nothing is speech, above the second everything is.
    private const double QuietestSpeech = 6_774;
    private const double LoudestNoise = 677_400;

    // Below -70 dB the line is muted: that says nothing about its noise.
    private const double Muted = 107;

    private const int WindowBlocks = 25;
    private const int Windows = 6;

    private static readonly uint[] s_muSquares = Squares(G711Law.Mu);
    private static readonly uint[] s_aSquares = Squares(G711Law.A);

    private readonly double[] _minima = new double[Windows];
    private readonly SteadyTone _tone = new();
    private double _windowMinimum = double.MaxValue;
    private int _windowCount;
    private int _windowIndex;
    private ulong _energy;
    private int _samples;
    private int _loudBlocks;
    private long _position;
    private long _speechBeforeBurst;
    private long _speechEndBeforeBurst;
    private int _burstBlocks;
    private long _speechBeforeTone;
    private long _speechEndBeforeTone;
    private int _toneSamples;
    private long _burstStart;
    private long _toneStart;
    private long _tail = -1;

    public SpeechMeter() => Array.Fill(_minima, double.MaxValue);

    /// <summary>Samples of speech so far.</summary>
    public long SpeechSamples { get; private set; }

    /// <summary>Where the last speech ended, in samples from the beginning; 0 when there was none.</summary>
    public long LastSpeechEnd { get; private set; }

    /// <summary>Samples of what would be speech but is known as the tone of a machine.</summary>
    public long ToneSamples { get; private set; }

    /// <summary>
    /// Where the tones begin behind which nobody spoke; <see cref="Position"/> when it did not end in tones. To be asked at the end.
    /// </summary>
    public readonly long ToneTail => _tail >= 0 && _tail >= LastSpeechEnd ? _tail : _position;

    /// <summary>Samples measured.</summary>
    public readonly long Position => _position;

    /// <summary>Measures what comes next.</summary>
    public void Add(ReadOnlySpan<byte> codes, G711Law law)
    {
        var squares = law == G711Law.A ? s_aSquares : s_muSquares;
        while (!codes.IsEmpty)
        {
            var take = Math.Min(codes.Length, BlockSamples - _samples);
            ulong sum = 0;

            // Every second sample tells the energy as well.
            for (var i = 0; i < take; i += 2)
            {
                sum += squares[codes[i]];
            }

            _energy += sum * 2;
            codes[..take].CopyTo(_tone.Slot(law.ToFormat())[_samples..]);
            Advance(take);
            codes = codes[take..];
        }
    }

    /// <summary>Measures what comes next of a wideband call: linear, 16 kHz.</summary>
    public void Add(ReadOnlySpan<short> wide)
    {
        while (wide.Length > 1)
        {
            var take = Math.Min(wide.Length / 2, BlockSamples - _samples);
            ulong sum = 0;

            // As many samples as of companded audio.
            var slot = MemoryMarshal.Cast<byte, short>(_tone.Slot(RecordedFormat.Wide))[(_samples / 2)..];
            for (var i = 0; i < take * 2; i += 4)
            {
                sum += (ulong)(wide[i] * wide[i]);
                if (i / 4 < slot.Length)
                {
                    slot[i / 4] = wide[i];
                }
            }

            _energy += sum * 2;
            Advance(take);
            wide = wide[(take * 2)..];
        }
    }

    /// <summary>Counts samples that never came: silence, but no measure of the line's noise.</summary>
    public void AddSilence(int samples)
    {
        while (samples > 0)
        {
            var take = Math.Min(samples, BlockSamples - _samples);
            Advance(take);
            samples -= take;
        }
    }

    /// <summary>The sound ends: a tone that began lately is judged by what there was of it.</summary>
    public void Conclude()
    {
        if (_tone.Conclude())
        {
            TakeBack();
        }
    }

    private static uint[] Squares(G711Law law)
    {
        var squares = new uint[256];
        for (var code = 0; code < squares.Length; code++)
        {
            int sample = G711.Decode((byte)code, law);
            squares[code] = (uint)(sample * sample);
        }

        return squares;
    }

    private void Advance(int samples)
    {
        _samples += samples;
        _position += samples;
        if (_samples < BlockSamples)
        {
            return;
        }

        var mean = _energy / (double)BlockSamples;
        _samples = 0;
        _energy = 0;
        if (mean > Muted)
        {
            Learn(mean);
        }

        if (mean <= Threshold())
        {
            _loudBlocks = 0;
            _burstBlocks = 0;
            _tone.Pause();
            return;
        }

        if (IsTone(mean))
        {
            _loudBlocks = 0;
            return;
        }

        if (++_loudBlocks < LoudBlocksNeeded)
        {
            return;
        }

        SpeechSamples += _loudBlocks == LoudBlocksNeeded ? LoudBlocksNeeded * BlockSamples : BlockSamples;
        LastSpeechEnd = _position;
    }

    /// <summary>Asks whether a loud block is a part of a tone, and takes from speech, or gives back, what that changes of earlier ones.</summary>
    private bool IsTone(double mean)
    {
        if (++_burstBlocks == 1)
        {
            _speechBeforeBurst = SpeechSamples;
            _speechEndBeforeBurst = LastSpeechEnd;
            _burstStart = _position - BlockSamples;
        }

        switch (_tone.Take(mean))
        {
            case SteadyToneStep.Began:
                var isOnset = _burstBlocks <= ToneOnset;
                _speechBeforeTone = isOnset ? _speechBeforeBurst : SpeechSamples;
                _speechEndBeforeTone = isOnset ? _speechEndBeforeBurst : LastSpeechEnd;
                _toneStart = isOnset ? _burstStart : _position - BlockSamples;
                _toneSamples = 0;
                return false;
            case SteadyToneStep.Odd when SpeechSamples > _speechBeforeTone:
                _speechBeforeTone += BlockSamples;
                _speechEndBeforeTone = LastSpeechEnd;
                return false;
            case SteadyToneStep.Found:
                TakeBack();
                return true;
            case SteadyToneStep.Tone:
                ToneSamples += BlockSamples;
                _toneSamples = (_toneSamples % (SteadyTone.BlocksToJudge * BlockSamples)) + BlockSamples;
                return true;
            case SteadyToneStep.Refuted:
                SpeechSamples += _toneSamples;
                ToneSamples -= _toneSamples;
                LastSpeechEnd = _position;
                return false;
            default:
                return false;
        }
    }

    private void TakeBack()
    {
        ToneSamples += SpeechSamples - _speechBeforeTone;
        SpeechSamples = _speechBeforeTone;
        LastSpeechEnd = _speechEndBeforeTone;
        _toneSamples = 0;
        _tail = _tail < LastSpeechEnd ? _toneStart : _tail;
    }

    private void Learn(double mean)
    {
        _windowMinimum = Math.Min(_windowMinimum, mean);
        if (++_windowCount == WindowBlocks)
        {
            _minima[_windowIndex] = _windowMinimum;
            _windowIndex = (_windowIndex + 1) % Windows;
            _windowMinimum = double.MaxValue;
            _windowCount = 0;
        }
    }

    private readonly double Threshold()
    {
        var noise = _windowMinimum;
        foreach (var minimum in _minima)
        {
            noise = Math.Min(noise, minimum);
        }

        return noise == double.MaxValue ? QuietestSpeech : Math.Clamp(noise * NoiseMargin, QuietestSpeech, LoudestNoise);
    }
}
