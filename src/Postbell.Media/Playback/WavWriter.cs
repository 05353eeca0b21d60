using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Playback;

/// <summary>Writes WAV files.</summary>
public static class WavWriter
{
    private const ushort FormatPcm = 1;
    private const ushort FormatALaw = 6;
    private const ushort FormatMuLaw = 7;
    private const int FactBytes = 12;

    /// <summary>A WAV file of 16-bit PCM, mono.</summary>
    public static byte[] Pcm16(PcmAudio audio)
    {
        const int header = 44;
        var samples = audio.Samples.Span;
        var file = new byte[header + (samples.Length * 2)];
        var body = WriteHeader(file, FormatPcm, audio.SampleRate, 16, 16, samples.Length * 2);
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(samples).CopyTo(body);
        }
        else
        {
            for (var i = 0; i < samples.Length; i++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(body[(i * 2)..], samples[i]);
            }
        }

        return file;
    }

    /// <summary>A WAV file of G.711 samples, mono, 8 kHz.</summary>
    public static byte[] FromG711(ReadOnlySpan<byte> codes, G711Law law)
    {
        // Formats other than PCM carry a longer format chunk and a fact chunk with the number of samples.
        const int header = 58;
        var file = new byte[header + codes.Length + (codes.Length & 1)];
        var body = WriteHeader(file, law == G711Law.A ? FormatALaw : FormatMuLaw, G711.SampleRate, 8, 18, codes.Length);
        codes.CopyTo(body);
        return file;
    }

    private static Span<byte> WriteHeader(Span<byte> file, ushort tag, int rate, ushort bits, int formatBytes, int dataBytes)
    {
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(file[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], formatBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file[20..], tag);
        BinaryPrimitives.WriteUInt16LittleEndian(file[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], rate * bits / 8);
        BinaryPrimitives.WriteUInt16LittleEndian(file[32..], (ushort)(bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(file[34..], bits);
        var rest = file[(20 + formatBytes)..];
        if (tag != FormatPcm)
        {
            "fact"u8.CopyTo(rest);
            BinaryPrimitives.WriteInt32LittleEndian(rest[4..], FactBytes - 8);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], dataBytes);
            rest = rest[FactBytes..];
        }

        "data"u8.CopyTo(rest);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], dataBytes);
        return rest[8..];
    }
}
