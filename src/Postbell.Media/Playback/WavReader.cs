using System.Buffers.Binary;
using Postbell.Core;
using Postbell.Media.Codecs;

namespace Postbell.Media.Playback;

/// <summary>Reads WAV files: PCM of 8 or 16 bits, G.711 A-law and mu-law; mono, or stereo mixed to mono.</summary>
public static class WavReader
{
    /// <summary>Largest file read, in bytes: an hour of 16-bit mono at 8 kHz, or ten minutes of 48 kHz.</summary>
    public const int MaxFileBytes = 64 << 20;

    private const ushort FormatPcm = 1;
    private const ushort FormatALaw = 6;
    private const ushort FormatMuLaw = 7;
    private const ushort FormatExtensible = 0xFFFE;
    private const int MinFormatBytes = 16;
    private const int ExtensibleBytes = 40;

    /// <summary>Reads a stream to its end as a WAV file.</summary>
    /// <exception cref="WavFormatException">The file is damaged, too long or of another kind.</exception>
    public static PcmAudio Read(Stream stream)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[65536];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            if (buffer.Length + read > MaxFileBytes)
            {
                throw TooLarge();
            }

            buffer.Write(chunk, 0, read);
        }

        return Read(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Reads a whole WAV file at its own sample rate.</summary>
    /// <exception cref="WavFormatException">The file is damaged, too long or of another kind.</exception>
    public static PcmAudio Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxFileBytes)
        {
            throw TooLarge();
        }

        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
        {
            throw new WavFormatException("This is no WAV file: it does not begin with RIFF and WAVE.");
        }

        Format? format = null;
        var rest = file[12..];
        while (rest.Length >= 8)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var body = rest[8..(int)Math.Min(8L + size, rest.Length)];
            if (rest[..4].SequenceEqual("fmt "u8))
            {
                format = ReadFormat(body);
            }
            else if (rest[..4].SequenceEqual("data"u8))
            {
                // A program that was interrupted leaves size 0 or 4 GB here: what follows is the audio.
                var data = size == 0 ? rest[8..] : body;
                return Decode(data, format ?? throw new WavFormatException("The WAV file has audio before it says how it is coded."));
            }

            rest = rest[(int)Math.Min(8L + size + (size & 1), rest.Length)..];
        }

        throw new WavFormatException("The WAV file has no audio (no data chunk).");
    }

    private static WavFormatException TooLarge() => new($"The WAV file is larger than {MaxFileBytes >> 20} MB.");

    private static Format ReadFormat(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < MinFormatBytes)
        {
            throw new WavFormatException("The WAV file's format chunk is cut short.");
        }

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        if (tag == FormatExtensible && chunk.Length >= ExtensibleBytes)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        var format = new Format(
            tag,
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]),
            BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]));
        format.Validate();
        return format;
    }

    private static PcmAudio Decode(ReadOnlySpan<byte> data, Format format)
    {
        var frameBytes = format.Channels * format.Bits / 8;
        var samples = new short[data.Length / frameBytes];
        for (var i = 0; i < samples.Length; i++)
        {
            var frame = data.Slice(i * frameBytes, frameBytes);
            var sum = 0;
            for (var channel = 0; channel < format.Channels; channel++)
            {
                sum += format.Sample(frame[(channel * format.Bits / 8)..]);
            }

            samples[i] = (short)(sum / format.Channels);
        }

        return new PcmAudio(samples, (int)format.Rate);
    }

    private readonly record struct Format(ushort Tag, ushort Channels, uint Rate, ushort Bits)
    {
        public void Validate()
        {
            if (Tag is not (FormatPcm or FormatALaw or FormatMuLaw))
            {
                throw new WavFormatException($"The WAV file's coding {Tag} is not supported: use PCM, A-law or mu-law.");
            }

            if (Channels is not (1 or 2))
            {
                throw new WavFormatException($"The WAV file has {Channels} channels: use one or two.");
            }

            if (Rate is < Resampler.MinRate or > Resampler.MaxRate)
            {
                throw new WavFormatException($"The WAV file's sample rate {Rate} Hz is not supported: use {Resampler.MinRate} to {Resampler.MaxRate} Hz.");
            }

            if (!(Bits == 8 || (Bits == 16 && Tag == FormatPcm)))
            {
                throw new WavFormatException($"The WAV file has {Bits} bits a sample: use 16 or 8.");
            }
        }

        public int Sample(ReadOnlySpan<byte> bytes) => Tag switch
        {
            FormatALaw => G711.Decode(bytes[0], G711Law.A),
            FormatMuLaw => G711.Decode(bytes[0], G711Law.Mu),
            _ when Bits == 8 => (bytes[0] - 128) << 8,
            _ => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        };
    }
}
