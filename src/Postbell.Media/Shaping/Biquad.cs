namespace Postbell.Media.Shaping;

/// <summary>A filter of second order over samples of -1 to 1, in transposed direct form II.</summary>
internal struct Biquad(double b0, double b1, double b2, double a1, double a2)
{
    private const double Negligible = 1e-30;
    private const double Butterworth = 0.70710678118654752;

    private double _z1;
    private double _z2;

    /// <summary>The first stage of K weighting (ITU-R BS.1770-4 annex 1) at any sample rate: a shelf of +4 dB above 1.7 kHz.</summary>
    public static Biquad KShelf(int sampleRate)
    {
        const double q = 0.7071752369554196;
        var k = Math.Tan(Math.PI * 1681.974450955533 / sampleRate);
        var vh = Math.Pow(10, 3.999843853973347 / 20);
        var vb = Math.Pow(vh, 0.4996667741545416);
        var a0 = 1 + (k / q) + (k * k);
        return new Biquad(
            (vh + (vb * k / q) + (k * k)) / a0, 2 * ((k * k) - vh) / a0, (vh - (vb * k / q) + (k * k)) / a0,
            2 * ((k * k) - 1) / a0, (1 - (k / q) + (k * k)) / a0);
    }

    /// <summary>The second stage of K weighting: a high pass at 38 Hz.</summary>
    public static Biquad KHighPass(int sampleRate)
    {
        const double q = 0.5003270373238773;
        var k = Math.Tan(Math.PI * 38.13547087602444 / sampleRate);
        var a0 = 1 + (k / q) + (k * k);
        return new Biquad(1, -2, 1, 2 * ((k * k) - 1) / a0, (1 - (k / q) + (k * k)) / a0);
    }

    /// <summary>A Butterworth high pass.</summary>
    public static Biquad HighPass(int sampleRate, double hertz)
    {
        var k = Math.Tan(Math.PI * hertz / sampleRate);
        var a0 = 1 + (k / Butterworth) + (k * k);
        return new Biquad(1 / a0, -2 / a0, 1 / a0, 2 * ((k * k) - 1) / a0, (1 - (k / Butterworth) + (k * k)) / a0);
    }

    /// <summary>A Butterworth low pass.</summary>
    public static Biquad LowPass(int sampleRate, double hertz)
    {
        var k = Math.Tan(Math.PI * hertz / sampleRate);
        var a0 = 1 + (k / Butterworth) + (k * k);
        return new Biquad(k * k / a0, 2 * k * k / a0, k * k / a0, 2 * ((k * k) - 1) / a0, (1 - (k / Butterworth) + (k * k)) / a0);
    }

    /// <summary>Filters one sample.</summary>
    public double Next(double x)
    {
        var y = (b0 * x) + _z1;
        _z1 = (b1 * x) - (a1 * y) + _z2;
        _z2 = (b2 * x) - (a2 * y);
        return y;
    }

    /// <summary>Forgets an echo too small to matter: in digital silence it would decay into denormal numbers, which processors are slow with.</summary>
    public void Settle()
    {
        _z1 = Math.Abs(_z1) < Negligible ? 0 : _z1;
        _z2 = Math.Abs(_z2) < Negligible ? 0 : _z2;
    }
}
