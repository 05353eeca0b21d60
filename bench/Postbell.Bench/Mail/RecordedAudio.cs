using System.Buffers.Binary;
using Postbell.Bench.Load;

namespace Postbell.Bench.Mail;

/// <summary>Compares the WAV attachment of a message with what its call sent, frame by frame.</summary>
internal static class RecordedAudio
{
    /// <summary>Frames of <paramref name="sent"/> that are not in the message exactly as they were sent; null when the beginning is not found at all.</summary>
    public static int? CountLost(string message, short[] sent)
    {
        var recorded = Decode(AttachmentOf(message));
        const int Frame = SpeechSource.FrameBytes;
        // The first loud frame is looked for sample by sample; the rest must follow at its distance.
        var probe = Enumerable.Range(0, sent.Length / Frame).First(f => sent.AsSpan(f * Frame, Frame).ToArray().Max(s => Math.Abs((int)s)) > 2000) * Frame;
        var at = recorded.AsSpan().IndexOf(sent.AsSpan(probe, Frame));
        if (at < 0)
        {
            return null;
        }

        var lost = 0;
        for (var i = 0; i + Frame <= sent.Length; i += Frame)
        {
            var place = at - probe + i;
            lost += place >= 0 && place + Frame <= recorded.Length && recorded.AsSpan(place, Frame).SequenceEqual(sent.AsSpan(i, Frame)) ? 0 : 1;
        }

        return lost;
    }

    private static byte[] AttachmentOf(string message)
    {
        var part = message.IndexOf("Content-Type: audio/", StringComparison.OrdinalIgnoreCase);
        if (part < 0)
        {
            throw new FormatException("a message without an audio part");
        }

        var begin = message.IndexOf("\r\n\r\n", part, StringComparison.Ordinal) + 4;
        var end = message.IndexOf("\r\n--", begin, StringComparison.Ordinal);
        return Convert.FromBase64String(message[begin..end]);
    }

    private static short[] Decode(byte[] wav)
    {
        if (!wav.AsSpan().StartsWith("RIFF"u8))
        {
            throw new FormatException("the attachment is no WAV file: configure audioCodec Wav, levelRecordings false and trimSilence false for this check");
        }

        var format = BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(20));
        var at = 12;
        while (!wav.AsSpan(at).StartsWith("data"u8))
        {
            at += 8 + BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(at + 4));
        }

        var data = wav.AsSpan(at + 8);
        data = data[..Math.Min(data.Length, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(at + 4)))];
        if (format == 7)
        {
            return Array.ConvertAll(data.ToArray(), SpeechSource.Decode);
        }

        var samples = new short[data.Length / 2];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]);
        }

        return samples;
    }
}
