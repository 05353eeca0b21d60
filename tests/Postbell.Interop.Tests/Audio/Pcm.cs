using System.Buffers.Binary;
using System.Text;

namespace Postbell.Interop.Tests.Audio;

/// <summary>Telephone audio: 8000 samples a second, one channel, 16 bits.</summary>
public sealed record Pcm(short[] Samples)
{
    public const int Rate = 8000;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / Rate);

    /// <summary>Reads a RIFF file of 8 kHz mono: 16-bit PCM, A-law or mu-law.</summary>
    public static Pcm FromWav(ReadOnlySpan<byte> file)
    {
        Encoding.ASCII.GetString(file[..4]).ShouldBe("RIFF");
        Encoding.ASCII.GetString(file[8..12]).ShouldBe("WAVE");
        int format = 0, at = 12;
        while (at + 8 <= file.Length)
        {
            var name = Encoding.ASCII.GetString(file.Slice(at, 4));
            var length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            var chunk = file[(at + 8)..];
            if (name == "fmt ")
            {
                format = BinaryPrimitives.ReadInt16LittleEndian(chunk);
                BinaryPrimitives.ReadInt16LittleEndian(chunk[2..]).ShouldBe((short)1, "channels");
                BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]).ShouldBe(Rate, "sample rate");
            }
            else if (name == "data")
            {
                return Decode(format, chunk[..Math.Min(length, chunk.Length)]);
            }

            at += 8 + length + (length & 1);
        }

        throw new FormatException("a WAV file without a data chunk");
    }

    public byte[] ToWav()
    {
        var file = new byte[44 + (Samples.Length * 2)];
        var s = file.AsSpan();
        "RIFF"u8.CopyTo(s);
        BinaryPrimitives.WriteInt32LittleEndian(s[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(s[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(s[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(s[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(s[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(s[24..], Rate);
        BinaryPrimitives.WriteInt32LittleEndian(s[28..], Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(s[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(s[34..], 16);
        "data"u8.CopyTo(s[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(s[40..], Samples.Length * 2);
        for (var i = 0; i < Samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(s[(44 + (2 * i))..], Samples[i]);
        }

        return file;
    }

    /// <summary>As the wire carries it: mu-law, one byte a sample.</summary>
    public byte[] ToMuLaw() => Array.ConvertAll(Samples, Companding.MuLawOf);

    public byte[] ToALaw() => Array.ConvertAll(Samples, Companding.ALawOf);

    public Pcm Slice(TimeSpan from, TimeSpan length) =>
        new([.. Samples.Skip((int)(from.TotalSeconds * Rate)).Take((int)(length.TotalSeconds * Rate))]);

    private static Pcm Decode(int format, ReadOnlySpan<byte> data)
    {
        short[] samples;
        switch (format)
        {
            case 1:
                samples = new short[data.Length / 2];
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]);
                }

                return new Pcm(samples);
            case 6:
                samples = [.. data.ToArray().Select(Companding.FromALaw)];
                return new Pcm(samples);
            case 7:
                samples = [.. data.ToArray().Select(Companding.FromMuLaw)];
                return new Pcm(samples);
            default:
                throw new FormatException($"WAV format {format} is not one of PCM, A-law, mu-law");
        }
    }
}
