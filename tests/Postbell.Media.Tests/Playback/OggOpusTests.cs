using System.Buffers.Binary;
using Postbell.Core;
using Postbell.Media.Codecs;
using Postbell.Media.Playback;

namespace Postbell.Media.Tests.Playback;

/// <summary>Ogg Opus files, read back page by page as RFC 3533 and RFC 7845 describe them.</summary>
public sealed class OggOpusTests
{
    [Theory]
    [InlineData(16000, 3.0)]
    [InlineData(8000, 2.345)]
    [InlineData(16000, 0.001)]
    [InlineData(16000, 0)]
    public void A_file_holds_what_was_said_to_the_sample(int sampleRate, double seconds)
    {
        var said = Voice.Speak(seconds, sampleRate);
        var packets = Read(OggOpusWriter.Write(new PcmAudio(said, sampleRate)), out var lastPosition);
        var head = packets[0].AsSpan();
        head[..8].SequenceEqual("OpusHead"u8).ShouldBeTrue();
        head[8..10].ToArray().ShouldBe([1, 1]);
        int preSkip = BinaryPrimitives.ReadUInt16LittleEndian(head[10..]);
        preSkip.ShouldBeInRange(100, 1000);
        BinaryPrimitives.ReadInt32LittleEndian(head[12..]).ShouldBe(sampleRate);
        packets[1].AsSpan(0, 8).SequenceEqual("OpusTags"u8).ShouldBeTrue();
        (lastPosition - preSkip).ShouldBe((long)said.Length * 48000 / sampleRate);

        using var decoder = CodecSupport.CreateDecoder(VoiceCodec.Opus);
        var samples = new short[IAudioDecoder.MaxSamples];
        var heard = packets.Skip(2).SelectMany(p => samples[..decoder.Decode(p, samples)]).Skip(preSkip / 3).Take(said.Length * 16000 / sampleRate).ToArray();
        heard.Length.ShouldBe(said.Length * 16000 / sampleRate);
        if (seconds > 1)
        {
            var wide = Resampler.Convert(new PcmAudio(said, sampleRate), 16000).Samples.Span;
            Voice.Similarity(wide, heard, maxLag: 8).ShouldBeGreaterThan(0.8, "in its place within half a millisecond");
        }
    }

    [Fact]
    public void Long_packets_are_laced_and_full_pages_written()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var pages = new OggPages(output, 1);
        var packets = Enumerable.Range(0, 300).Select(i => new byte[i % 5 == 0 ? 255 : i]).ToArray();
        for (var i = 0; i < packets.Length; i++)
        {
            Array.Fill(packets[i], (byte)i);
            pages.Add(packets[i], i);
        }

        pages.Flush(isLast: true);
        Read(output.WrittenSpan.ToArray(), out _).ShouldBe(packets);
        Should.Throw<ArgumentOutOfRangeException>(() => pages.Add(new byte[OggPages.MaxPacketBytes + 1], 0));
    }

    private static List<byte[]> Read(byte[] file, out long lastPosition)
    {
        var packets = new List<byte[]>();
        var packet = new List<byte>();
        var at = 0;
        lastPosition = 0;
        for (var number = 0u; at < file.Length; number++)
        {
            var page = file.AsSpan(at);
            page[..4].SequenceEqual("OggS"u8).ShouldBeTrue();
            page[4].ShouldBe((byte)0);
            var segments = page.Slice(27, page[26]);
            var length = 27 + segments.Length;
            foreach (var segment in segments)
            {
                packet.AddRange(page.Slice(length, segment));
                length += segment;
                if (segment < 255)
                {
                    packets.Add([.. packet]);
                    packet.Clear();
                }
            }

            BinaryPrimitives.ReadUInt32LittleEndian(page[18..]).ShouldBe(number);
            (page[5] & 2).ShouldBe(number == 0 ? 2 : 0);
            (page[5] & 4).ShouldBe(at + length == file.Length ? 4 : 0);
            BinaryPrimitives.ReadUInt32LittleEndian(page[22..]).ShouldBe(Crc(page[..length]));
            lastPosition = BinaryPrimitives.ReadInt64LittleEndian(page[6..]);
            at += length;
        }

        packet.ShouldBeEmpty();
        return packets;
    }

    private static uint Crc(ReadOnlySpan<byte> page)
    {
        var crc = 0u;
        for (var i = 0; i < page.Length; i++)
        {
            crc ^= (uint)(i is >= 22 and < 26 ? 0 : page[i]) << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
            }
        }

        return crc;
    }
}
