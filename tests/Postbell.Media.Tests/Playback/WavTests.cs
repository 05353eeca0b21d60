using System.Buffers.Binary;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Media.Tests.Playback;

public sealed class WavTests
{
    private static readonly short[] s_samples = [.. Enumerable.Range(0, 1001).Select(i => (short)(10000 * Math.Sin(i / 5.0)))];

    [Fact]
    public void Linear_audio_comes_back_as_written()
    {
        var file = WavWriter.Pcm16(new PcmAudio(s_samples, 16000));
        file.Length.ShouldBe(44 + 2002);
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)).ShouldBe(file.Length - 8);
        var audio = WavReader.Read(file);
        audio.SampleRate.ShouldBe(16000);
        audio.Samples.ToArray().ShouldBe(s_samples);
        WavReader.Read(new MemoryStream(file)).Samples.ToArray().ShouldBe(s_samples);
    }

    [Theory]
    [InlineData(G711Law.Mu)]
    [InlineData(G711Law.A)]
    public void Companded_audio_comes_back_as_written(G711Law law)
    {
        var codes = new byte[s_samples.Length];
        G711.Encode(s_samples, codes, law);
        var file = WavWriter.FromG711(codes, law);
        (file.Length % 2).ShouldBe(0);
        var expected = new short[codes.Length];
        G711.Decode(codes, expected, law);
        WavReader.Read(file).Samples.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Stereo_eight_bits_and_chunks_in_between_are_understood()
    {
        byte[] data = [128, 128, 255, 1, 0, 0];
        var file = Wav(Fmt(1, 2, 11025, 8), Chunk("LIST", [1, 2, 3]), Chunk("data", data));
        var audio = WavReader.Read(file);
        audio.SampleRate.ShouldBe(11025);
        audio.Samples.ToArray().ShouldBe([0, 0, -32768]);
    }

    [Fact]
    public void An_extensible_header_and_an_unknown_length_of_the_data_are_understood()
    {
        var fmt = new byte[40];
        Fmt(0xFFFE, 1, 8000, 16).AsSpan(8).CopyTo(fmt);
        fmt[24] = 1;
        foreach (var size in new[] { 0u, uint.MaxValue })
        {
            var file = Wav(Chunk("fmt ", fmt), Chunk("data", [1, 0, 2, 0, 3]));
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 10), size);
            WavReader.Read(file).Samples.ToArray().ShouldBe([1, 2, 3]);
        }
    }

    public static TheoryData<byte[], string> Bad => new()
    {
        { [], "no WAV file" },
        { "RIFX....WAVE"u8.ToArray(), "no WAV file" },
        { Wav(), "no audio" },
        { Wav(Chunk("data", [1, 2])), "before it says" },
        { Wav(Chunk("fmt ", [1, 0])), "cut short" },
        { Wav(Fmt(2, 1, 8000, 16)), "coding 2" },
        { Wav(Fmt(1, 0, 8000, 16)), "0 channels" },
        { Wav(Fmt(1, 6, 48000, 16)), "6 channels" },
        { Wav(Fmt(1, 1, 0, 16)), "sample rate 0" },
        { Wav(Fmt(1, 1, uint.MaxValue, 16)), "sample rate 4294967295" },
        { Wav(Fmt(1, 1, 8000, 0)), "0 bits" },
        { Wav(Fmt(1, 1, 8000, 24)), "24 bits" },
        { Wav(Fmt(6, 1, 8000, 16)), "16 bits" },
        { new byte[WavReader.MaxFileBytes + 1], "larger than 64 MB" },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_used_is_refused_with_a_reason_for_people(byte[] file, string reason) =>
        Should.Throw<WavFormatException>(() => WavReader.Read(file)).Message.ShouldContain(reason);

    [Fact]
    public void An_endless_stream_is_not_read_to_its_end()
    {
        using var stream = new EndlessStream();
        Should.Throw<WavFormatException>(() => WavReader.Read(stream)).Message.ShouldContain("64 MB");
    }

    [Fact]
    public void Damaged_files_give_audio_or_a_clear_refusal()
    {
        var seed = WavWriter.Pcm16(new PcmAudio(s_samples, 8000));
        foreach (var file in Mutations.Of(seed, 20_000, 5))
        {
            try
            {
                WavReader.Read(file).Samples.Length.ShouldBeLessThanOrEqualTo(file.Length);
            }
            catch (WavFormatException)
            {
                // Refused, which is as good.
            }
        }
    }

    private static byte[] Chunk(string name, byte[] body)
    {
        var chunk = new byte[8 + body.Length + (body.Length & 1)];
        for (var i = 0; i < 4; i++)
        {
            chunk[i] = (byte)name[i];
        }

        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), body.Length);
        body.CopyTo(chunk, 8);
        return chunk;
    }

    private static byte[] Fmt(ushort tag, ushort channels, uint rate, ushort bits)
    {
        var body = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(body, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), channels);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(4), rate);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(14), bits);
        return Chunk("fmt ", body);
    }

    private static byte[] Wav(params byte[][] chunks) => [.. "RIFF\0\0\0\0WAVE"u8, .. chunks.SelectMany(c => c)];

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => buffer.Length;
    }
}
