using Postbell.Media.Codecs;

namespace Postbell.Media.Tests.Codecs;

public sealed class G711Tests
{
    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void Every_code_survives_decoding_and_encoding(G711Law law)
    {
        for (var code = 0; code < 256; code++)
        {
            var again = G711.Encode(G711.Decode((byte)code, law), law);

            // Mu-law has two codes for zero.
            again.ShouldBe(law == G711Law.Mu && code == 0x7F ? (byte)0xFF : (byte)code);
        }
    }

    [Theory]
    [InlineData(G711Law.Mu, 0x00, -32124)]
    [InlineData(G711Law.Mu, 0x80, 32124)]
    [InlineData(G711Law.Mu, 0xFF, 0)]
    [InlineData(G711Law.Mu, 0xF0, 120)]
    [InlineData(G711Law.A, 0xD5, 8)]
    [InlineData(G711Law.A, 0x55, -8)]
    [InlineData(G711Law.A, 0xAA, 32256)]
    [InlineData(G711Law.A, 0x2A, -32256)]
    public void Codes_have_the_values_of_the_recommendation(G711Law law, int code, int value) =>
        G711.Decode((byte)code, law).ShouldBe((short)value);

    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void Every_sample_comes_back_within_the_step_of_its_segment(G711Law law)
    {
        for (var sample = short.MinValue; sample < short.MaxValue; sample++)
        {
            var error = Math.Abs(G711.Decode(G711.Encode(sample, law), law) - sample);
            error.ShouldBeLessThanOrEqualTo(Math.Max(16, (Math.Abs((int)sample) / 16) + 20), $"sample {sample}");
        }
    }

    [Fact]
    public void Silence_and_runs_and_transcoding_agree_with_single_samples()
    {
        var random = new Random(1);
        var samples = new short[1000];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)random.Next(short.MinValue, short.MaxValue);
        }

        var mu = new byte[1000];
        var a = new byte[1000];
        var back = new short[1000];
        G711.Encode(samples, mu, G711Law.Mu);
        G711.Transcode(mu, G711Law.Mu, a, G711Law.A);
        G711.Decode(a, back, G711Law.A);
        for (var i = 0; i < samples.Length; i++)
        {
            mu[i].ShouldBe(G711.Encode(samples[i], G711Law.Mu));
            a[i].ShouldBe(G711.Encode(G711.Decode(mu[i], G711Law.Mu), G711Law.A));
            back[i].ShouldBe(G711.Decode(a[i], G711Law.A));
        }

        G711.Decode(G711.SilenceByte(G711Law.Mu), G711Law.Mu).ShouldBe((short)0);
        Should.Throw<ArgumentException>(() => G711.Decode(mu, new short[999], G711Law.Mu));
    }
}
