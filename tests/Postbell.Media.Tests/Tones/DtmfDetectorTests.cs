using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;
using Postbell.Media.Tones;

namespace Postbell.Media.Tests.Tones;

public sealed class DtmfDetectorTests
{
    private const string Keys = "123A456B789C*0#D";
    private static readonly int[] s_rows = [697, 770, 852, 941];
    private static readonly int[] s_columns = [1209, 1336, 1477, 1633];

    [Theory]
    [InlineData(40, 40)]
    [InlineData(50, 50)]
    [InlineData(65, 40)]
    [InlineData(250, 100)]
    [InlineData(2000, 300)]
    public void Every_key_is_found_once_whatever_its_length(int pressMs, int pauseMs)
    {
        foreach (var level in new[] { 400.0, 2000, 12_000 })
        {
            for (var shift = 0; shift < 51; shift += 10)
            {
                Found([.. new short[shift], .. Keys.SelectMany(k => (short[])[.. Press(k, pressMs, level), .. new short[pauseMs * 8]])]).ShouldBe(Keys);
            }
        }
    }

    [Fact]
    public void A_key_that_is_pressed_twice_counts_twice() =>
        Found([.. Enumerable.Repeat((short[])[.. Press('5', 45), .. new short[320]], 20).SelectMany(s => s)]).ShouldBe(new string('5', 20));

    [Theory]
    [InlineData(1.015, 1, true)]
    [InlineData(0.985, 1, true)]
    [InlineData(1.035, 1, false)]
    [InlineData(0.965, 1, false)]
    [InlineData(1, 1.5, true)]
    [InlineData(1, 0.5, true)]
    [InlineData(1, 4, false)]
    [InlineData(1, 0.2, false)]
    public void Frequencies_and_levels_of_the_tones_may_differ_as_the_recommendation_says(double detune, double highToLow, bool found)
    {
        foreach (var key in Keys)
        {
            Found([.. Press(key, 100, detune: detune, highToLow: highToLow), .. new short[800]]).ShouldBe(found ? $"{key}" : "");
        }
    }

    [Fact]
    public void Short_bursts_single_tones_noise_and_ring_back_are_no_keys()
    {
        Found([.. Keys.SelectMany(k => (short[])[.. Press(k, 20), .. new short[800]])]).ShouldBe("");
        foreach (var frequency in s_rows.Concat(s_columns).Concat([350, 400, 425, 440, 480, 620, 1000, 1100, 2100]))
        {
            Found(Tones(8000, (frequency, 8000))).ShouldBe("");
        }

        Found(Tones(8000, (440, 5000), (480, 5000))).ShouldBe("");
        Found(Tones(8000, (697, 5000), (852, 5000))).ShouldBe("");
        var random = new Random(1);
        Found([.. Enumerable.Range(0, 8000 * 60).Select(_ => (short)random.Next(-8000, 8000))]).ShouldBe("");
    }

    [Fact]
    public void Keys_are_found_in_noise_15_dB_below_them()
    {
        var random = new Random(2);
        var noisy = Keys.SelectMany(k => (short[])[.. Press(k, 60, 4000), .. new short[480]]).Select(s => (short)(s + random.Next(-1200, 1200))).ToArray();
        Found(noisy).ShouldBe(Keys);
    }

    [Fact]
    public void A_break_of_ten_milliseconds_is_no_pause()
    {
        var press = Press('8', 120);
        press.AsSpan(400, 80).Clear();
        Found([.. press, .. new short[800]]).ShouldBe("8");
    }

    [Fact]
    public void The_length_of_a_press_is_told()
    {
        foreach (var ms in new[] { 60, 100, 500 })
        {
            var heard = new Heard();
            var detector = new DtmfDetector(heard);
            detector.Add([.. Press('7', ms), .. new short[800]]);
            (heard.Lengths.ShouldHaveSingleItem() / 8.0).ShouldBeInRange(ms - 15, ms + 15);
        }
    }

    /// <summary>Talk-off: recorded people, read as a telephone line would carry them, at three levels.</summary>
    [Fact]
    public void Nothing_that_people_say_is_taken_for_a_key()
    {
        string[] folders = ["/usr/share/asterisk/sounds", "/usr/share/pocketsphinx/test/data"];
        var files = folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.wav", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToArray();
        Assert.SkipWhen(files.Length == 0, "no recorded speech on this machine (asterisk-core-sounds-en-wav, pocketsphinx-testdata)");
        var wrong = new List<string>();
        var seconds = 0.0;
        Parallel.ForEach(files, file =>
        {
            var audio = WavReader.Read(File.ReadAllBytes(file));
            var speech = Resampler.Convert(audio, 8000).Samples.ToArray();
            foreach (var gain in new[] { 1.0, 0.25, 3.0 })
            {
                var found = Found([.. speech.Select(s => G711.Decode(G711.Encode((short)Math.Clamp(s * gain, short.MinValue, short.MaxValue), G711Law.Mu), G711Law.Mu))]);
                lock (wrong)
                {
                    seconds += speech.Length / 8000.0;
                    if (found.Length > 0)
                    {
                        wrong.Add($"{file} at {gain}: {found}");
                    }
                }
            }
        });
        seconds.ShouldBeGreaterThan(60);
        wrong.ShouldBeEmpty();
    }

    internal static short[] Press(char key, int milliseconds, double level = 6000, double detune = 1, double highToLow = 1)
    {
        var index = Keys.IndexOf(key, StringComparison.Ordinal);
        return Tones(milliseconds * 8, (s_rows[index / 4] * detune, level), (s_columns[index % 4] * detune, level * highToLow));
    }

    internal static (int Row, int Column) Frequencies(char key)
    {
        var index = Keys.IndexOf(key, StringComparison.Ordinal);
        return (s_rows[index / 4], s_columns[index % 4]);
    }

    private static short[] Tones(int samples, params (double Frequency, double Level)[] tones) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)tones.Sum(t => t.Level * Math.Sin(2 * Math.PI * t.Frequency * i / 8000)))];

    internal static string Found(short[] sound)
    {
        var heard = new Heard();
        var detector = new DtmfDetector(heard);
        for (var i = 0; i < sound.Length; i += 160)
        {
            detector.Add(sound.AsSpan(i, Math.Min(160, sound.Length - i)));
        }

        detector.Reset();
        heard.Lengths.Count.ShouldBe(heard.Keys.Count);
        return string.Concat(heard.Keys);
    }

    private sealed class Heard : IKeyListener
    {
        public List<char> Keys { get; } = [];

        public List<int> Lengths { get; } = [];

        public void OnKeyDown(char key) => Keys.Add(key);

        public void OnKeyUp(char key, int samples) => Lengths.Add(samples);
    }
}
