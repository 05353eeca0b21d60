namespace Postbell.Media.Tests.Tones;

public sealed class ToneTests
{
    [Fact]
    public void The_beep_is_a_kilohertz_of_four_hundred_milliseconds_with_soft_edges()
    {
        var beep = Tone.Beep.ToPcm().Samples.Span;
        Tone.Beep.Duration.ShouldBe(TimeSpan.FromMilliseconds(400));
        var crossings = 0;
        for (var i = 1; i < beep.Length; i++)
        {
            crossings += (beep[i - 1] < 0) != (beep[i] < 0) ? 1 : 0;
        }

        crossings.ShouldBeInRange(790, 810);
        Math.Abs((int)beep[0]).ShouldBeLessThan(50);
        Math.Abs((int)beep[^1]).ShouldBeLessThan(50);
        var mean = 0.0;
        foreach (var sample in beep[400..2800])
        {
            mean += (double)sample * sample / 2400;
        }

        // -12 dBm0 is 15.14 dB below a full-scale sine.
        (10 * Math.Log10(mean / (32767.0 * 32767 / 2))).ShouldBe(-15.14, 0.2);
    }

    [Fact]
    public void Other_tones_have_their_lengths()
    {
        Tone.RingBack.Duration.ShouldBe(TimeSpan.FromSeconds(5));
        Tone.Confirmation.Duration.ShouldBe(TimeSpan.FromMilliseconds(120));
        Tone.Error.Duration.ShouldBe(TimeSpan.FromMilliseconds(300));
    }
}
