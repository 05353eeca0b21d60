using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Tests.Codecs;

/// <summary>Decoders take whatever a peer sends: damaged, cut, random.</summary>
public sealed partial class CodecFuzzTests
{
    private const int Count = 4000;

    [Theory]
    [InlineData(VoiceCodec.Pcmu)]
    [InlineData(VoiceCodec.Pcma)]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public void Damaged_payloads_harm_nothing(VoiceCodec codec)
    {
        using var encoder = CodecSupport.CreateEncoder(codec, new OpusParameters { ForwardCorrection = true });
        using var decoder = CodecSupport.CreateDecoder(codec);
        var seeds = StreamCodecTests.Packets(encoder, Voice.Speak(0.4, codec.SampleRate()), codec.SampleRate() / 50).ToArray();
        var samples = new short[IAudioDecoder.MaxSamples];
        for (var i = 0; i < seeds.Length; i++)
        {
            foreach (var payload in Mutations.Of(seeds[i], Count / seeds.Length, i))
            {
                decoder.Decode(payload, samples).ShouldBeInRange(0, samples.Length);
                decoder.Recover(payload, samples.AsSpan(0, 320)).ShouldBeOneOf(0, 320);
            }
        }

        decoder.Decode(seeds[0], samples).ShouldBe(codec.SampleRate() / 50);
    }

    [Theory]
    [InlineData(VoiceCodec.G722)]
    [InlineData(VoiceCodec.Opus)]
    public void Payloads_that_do_not_fit_are_not_decoded(VoiceCodec codec)
    {
        using var decoder = CodecSupport.CreateDecoder(codec);
        decoder.Decode([], new short[320]).ShouldBe(0);
        decoder.Decode(new byte[160], new short[100]).ShouldBe(0);
    }

    [Fact]
    public void Packets_are_measured_as_the_library_measures_them()
    {
        var random = new Random(7);
        var packet = new byte[1500];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = packet.AsSpan(0, random.Next(1, random.Next(2, packet.Length)));
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // Code 3 with few frames and little padding: mostly well-formed.
                bytes[0] |= 3;
                bytes[^1] = (byte)random.Next(30);
                if (bytes.Length > 2)
                {
                    bytes[1] = (byte)((bytes[1] & 0xC0) | random.Next(1, 6));
                    bytes[2] = (byte)random.Next(60);
                }
            }

            var expected = MeasureByLibrary(bytes);
            OpusPacket.Units(bytes).ShouldBe(expected, Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)]));
        }
    }

    [Fact]
    public void Packets_longer_than_120_ms_or_cut_short_are_refused()
    {
        OpusPacket.Units([]).ShouldBe(0);
        OpusPacket.Units([0x18]).ShouldBe(24);
        OpusPacket.Units([0x1B, 3, 0, 0, 0]).ShouldBe(0, "three frames of 60 ms");
        OpusPacket.Units([0x1B, 2, 0, 0]).ShouldBe(48);
        OpusPacket.Units([0x1B]).ShouldBe(0);
        OpusPacket.Units([0x1B, 0]).ShouldBe(0);
        OpusPacket.Units([0x09, 1]).ShouldBe(0, "two frames of one length in an odd number of bytes");
        OpusPacket.Units([0x0A, 252]).ShouldBe(0);
        OpusPacket.Units([0x0B, 0x41, 255, 255]).ShouldBe(0);
    }

    [LibraryImport("libopus.so.0", EntryPoint = "opus_packet_parse")]
    private static unsafe partial int Parse(byte* packet, int length, byte* toc, byte** frames, short* sizes, int* payloadOffset);

    [LibraryImport("libopus.so.0", EntryPoint = "opus_packet_get_samples_per_frame")]
    private static unsafe partial int SamplesPerFrame(byte* packet, int sampleRate);

    private static unsafe int MeasureByLibrary(ReadOnlySpan<byte> bytes)
    {
        byte toc;
        int offset;
        var frames = stackalloc byte*[48];
        var sizes = stackalloc short[48];
        fixed (byte* packet = bytes)
        {
            return Math.Max(0, Parse(packet, bytes.Length, &toc, frames, sizes, &offset)) * SamplesPerFrame(packet, 400);
        }
    }
}
