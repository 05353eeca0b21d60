using System.Buffers;
using Postbell.Media.Codecs;
using Postbell.Media.Recording;

namespace Postbell.Delivery.Audio;

/// <summary>Telephone audio as MP3: mono, 8 kHz (MPEG-2.5 layer 3), 16 kbit/s, about 2 kB a second.</summary>
public static class Mp3Encoder
{
    private const int Mono = 3;
    private const int KilobitsPerSecond = 16;

    // LAME's scale is 0 (best) to 9 (quick). An audio second costs 0.34 ms of CPU at 7, 0.59 at 5, 1.8 at 2: many calls end at once.
    private const int Quality = 7;
    private const int BlockSamples = 5760;

    // LAME asks for 1.25 bytes a sample and 7200 more.
    private const int OutputBytes = (BlockSamples * 5 / 4) + 7200;

    /// <summary>True when the LAME library is installed.</summary>
    public static bool IsAvailable => LameLibrary.IsAvailable;

    /// <summary>Encodes a recording run by run at a constant bit rate, so that players know its length from its size.</summary>
    /// <exception cref="InvalidOperationException">The library is missing, or failed.</exception>
    public static byte[] Encode(RecordedAudio audio)
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException("The MP3 encoder library libmp3lame is not installed.");
        }

        var lame = Create();
        try
        {
            var output = new ArrayBufferWriter<byte>((int)(audio.ByteCount / 4) + OutputBytes);
            foreach (var run in audio.Runs)
            {
                Encode(lame, run, output);
            }

            Flush(lame, output);
            return output.WrittenSpan.ToArray();
        }
        finally
        {
            _ = LameLibrary.Close(lame);
        }
    }

    private static nint Create()
    {
        var lame = LameLibrary.Init();
        if (lame == 0)
        {
            throw new InvalidOperationException("The MP3 encoder could not be made: out of memory.");
        }

        _ = LameLibrary.SetInputRate(lame, G711.SampleRate);
        _ = LameLibrary.SetOutputRate(lame, G711.SampleRate);
        _ = LameLibrary.SetChannels(lame, 1);
        _ = LameLibrary.SetMode(lame, Mono);
        _ = LameLibrary.SetBitRate(lame, KilobitsPerSecond);
        _ = LameLibrary.SetQuality(lame, Quality);
        LameLibrary.SetWriteId3(lame, 0);
        if (LameLibrary.InitParameters(lame) < 0)
        {
            _ = LameLibrary.Close(lame);
            throw new InvalidOperationException("The MP3 encoder refused its parameters.");
        }

        return lame;
    }

    private static unsafe void Encode(nint lame, RecordedRun run, ArrayBufferWriter<byte> output)
    {
        Span<short> samples = stackalloc short[BlockSamples];
        for (var codes = run.Bytes.Span; !codes.IsEmpty; codes = codes[Math.Min(BlockSamples, codes.Length)..])
        {
            var count = Math.Min(BlockSamples, codes.Length);
            G711.Decode(codes[..count], samples, run.Law);
            fixed (short* input = samples)
            fixed (byte* target = output.GetSpan(OutputBytes))
            {
                output.Advance(Check(LameLibrary.Encode(lame, input, input, count, target, OutputBytes)));
            }
        }
    }

    private static unsafe void Flush(nint lame, ArrayBufferWriter<byte> output)
    {
        fixed (byte* target = output.GetSpan(OutputBytes))
        {
            output.Advance(Check(LameLibrary.Flush(lame, target, OutputBytes)));
        }
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"The MP3 encoder failed with {result}.");
}
