using System.Buffers;
using System.Buffers.Binary;
using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Playback;

/// <summary>Writes Ogg Opus files (RFC 7845): mono, packets of 20 ms, pages of a second, 24 kbit/s for wideband and 16 kbit/s for telephone audio.</summary>
public static class OggOpusWriter
{
    private const int FrameSamples = VoiceCodecFacts.WideRate / 50;
    private const int PacketsPerPage = 50;

    // The clock of the file, whatever is coded.
    private const int FileRate = 48000;
    private const int FileRatio = FileRate / VoiceCodecFacts.WideRate;

    // One stream in one file: its number tells nothing apart.
    private const uint Serial = 0x50424C4C;

    /// <summary>True when the Opus library is installed.</summary>
    public static bool IsAvailable => VoiceCodec.Opus.IsAvailable();

    /// <summary>Encodes audio; the file says its exact length, so that nothing is heard that was not there.</summary>
    /// <exception cref="InvalidOperationException">The library is missing, or failed.</exception>
    public static byte[] Write(PcmAudio audio)
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException($"The Opus library {VoiceCodec.Opus.Library()} is not installed.");
        }

        using var encoder = OpusEncoder.ForFile(audio.SampleRate > G711.SampleRate ? OpusEncoder.SpeechBitRate : OpusEncoder.NarrowBitRate);
        var samples = Resampler.Convert(audio, VoiceCodecFacts.WideRate).Samples.Span;
        var preSkip = encoder.Lookahead * FileRatio;
        var output = new ArrayBufferWriter<byte>((samples.Length / 4) + 1024);
        var pages = new OggPages(output, Serial);
        WriteHead(pages, preSkip, audio.SampleRate);
        WriteTags(pages);
        WriteAudio(pages, encoder, samples, preSkip);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteHead(OggPages pages, int preSkip, int inputRate)
    {
        Span<byte> head = stackalloc byte[19];
        head.Clear();
        "OpusHead"u8.CopyTo(head);
        head[8] = 1; // version
        head[9] = 1; // channels
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], (ushort)preSkip);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], inputRate);
        pages.Add(head, 0);
        pages.Flush();
    }

    private static void WriteTags(OggPages pages)
    {
        Span<byte> tags = stackalloc byte[24];
        tags.Clear();
        "OpusTags"u8.CopyTo(tags);
        tags[8] = 8;
        "Postbell"u8.CopyTo(tags[12..]);
        pages.Add(tags, 0);
        pages.Flush();
    }

    /// <summary>Packets until what the encoder still holds back is out as well; the last position cuts the rest off.</summary>
    private static void WriteAudio(OggPages pages, OpusEncoder encoder, ReadOnlySpan<short> samples, int preSkip)
    {
        Span<short> frame = stackalloc short[FrameSamples];
        Span<byte> packet = stackalloc byte[IAudioEncoder.MaxBytes];
        var end = preSkip + ((long)samples.Length * FileRatio);
        var position = 0L;
        for (var count = 1; position < end; count++)
        {
            frame.Clear();
            var take = Math.Min(FrameSamples, samples.Length);
            samples[..take].CopyTo(frame);
            samples = samples[take..];
            var length = encoder.Encode(frame, packet);
            if (length == 0)
            {
                throw new InvalidOperationException("The Opus encoder failed.");
            }

            position += FrameSamples * FileRatio;
            pages.Add(packet[..length], Math.Min(position, end));
            if (position >= end || count % PacketsPerPage == 0)
            {
                pages.Flush(position >= end);
            }
        }
    }
}
