namespace Postbell.Media.Tones;

/// <summary>The two tones of a key (ITU-T Q.23), made piece by piece so that they go on from packet to packet.</summary>
/// <param name="telephoneEvent">Number of the key: 0 to 9, 10 *, 11 #, 12 to 15 A to D.</param>
internal struct KeyTone(byte telephoneEvent)
{
    // By event number; rows 697, 770, 852, 941 Hz, columns 1209, 1336, 1477, 1633 Hz.
    private const string Rows = "3000111222330123";
    private const string Columns = "1012012012023333";

    // -8 dBm0 for the low tone and 2 dB more for the high one, which lines attenuate more.
    private const double LowAmplitude = 9050;
    private const double HighAmplitude = 11_400;

    private readonly double _low = new[] { 697.0, 770, 852, 941 }[Rows[telephoneEvent] - '0'];
    private readonly double _high = new[] { 1209.0, 1336, 1477, 1633 }[Columns[telephoneEvent] - '0'];
    private long _position;

    /// <summary>Fills a run of samples with what comes next.</summary>
    public void Fill(Span<short> samples, int sampleRate)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var time = 2 * Math.PI * _position++ / sampleRate;
            samples[i] = (short)((LowAmplitude * Math.Sin(_low * time)) + (HighAmplitude * Math.Sin(_high * time)));
        }
    }
}
