namespace Postbell.Interop.Tests.Audio;

/// <summary>The keys of a telephone as sound: two tones at once (ITU-T Q.23), each at -9 dBm0, 120 ms long.</summary>
public static class KeyTones
{
    private const double Amplitude = 8000;
    private const int Length = Pcm.Rate * 120 / 1000;
    private static readonly int[] Rows = [697, 770, 852, 941];
    private static readonly int[] Columns = [1209, 1336, 1477, 1633];

    public static Pcm Of(char key)
    {
        var place = "123A456B789C*0#D".IndexOf(key);
        place.ShouldBeGreaterThanOrEqualTo(0, $"{key} is no key");
        return new Pcm([.. Enumerable.Range(0, Length).Select(at => (short)((Amplitude * Wave(Rows[place / 4], at)) + (Amplitude * Wave(Columns[place % 4], at))))]);
    }

    private static double Wave(int pitch, int at) => Math.Sin(2 * Math.PI * pitch * at / Pcm.Rate);
}
