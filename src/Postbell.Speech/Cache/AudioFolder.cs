using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Postbell.Core;

namespace Postbell.Speech.Cache;

/// <summary>
/// Rendered audio in a folder, one file for each key: "PBA1", sample rate (4 bytes), SHA-256 of the samples (32 bytes), samples. Files appear
/// whole under their name or not at all. They can be rendered again, so nothing is flushed to the disk on purpose; the checksum finds what a
/// power cut spoiled.
/// </summary>
internal sealed class AudioFolder(string path)
{
    private const int HeaderLength = 40;
    private const string Extension = ".pba";
    private const string UnfinishedExtension = ".new";

    // Tells unfinished files of this run, which calls may be writing right now, from those an earlier run left.
    private readonly string _run = Guid.NewGuid().ToString("N");

    /// <summary>The audio, or null when it is not there or <paramref name="damaged"/>.</summary>
    public PcmAudio? Read(string key, out bool damaged)
    {
        damaged = false;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(FileOf(key));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        damaged = bytes.Length <= HeaderLength || bytes.Length % 2 != 0 || !bytes.AsSpan(0, 4).SequenceEqual("PBA1"u8)
            || !bytes.AsSpan(8, 32).SequenceEqual(SHA256.HashData(bytes.AsSpan(HeaderLength)));
        return damaged
            ? null
            : new PcmAudio(MemoryMarshal.Cast<byte, short>(bytes.AsSpan(HeaderLength)).ToArray(), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)));
    }

    /// <summary>Writes the audio, over a file that is there.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Write(string key, PcmAudio audio)
    {
        var samples = MemoryMarshal.AsBytes(audio.Samples.Span);
        var bytes = new byte[HeaderLength + samples.Length];
        "PBA1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), audio.SampleRate);
        SHA256.HashData(samples, bytes.AsSpan(8, 32));
        samples.CopyTo(bytes.AsSpan(HeaderLength));
        Directory.CreateDirectory(path);
        var unfinished = Path.Combine(path, _run + Guid.NewGuid().ToString("N") + UnfinishedExtension);
        File.WriteAllBytes(unfinished, bytes);
        File.Move(unfinished, FileOf(key), overwrite: true);
    }

    /// <summary>Removes what an earlier run left unfinished, and the files unused for longest until <paramref name="capacity"/> bytes are left.</summary>
    public void Tidy(long capacity)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists)
        {
            return;
        }

        foreach (var unfinished in folder.EnumerateFiles("*" + UnfinishedExtension).Where(f => !f.Name.StartsWith(_run, StringComparison.Ordinal)))
        {
            unfinished.Delete();
        }

        var kept = 0L;
        foreach (var file in folder.EnumerateFiles("*" + Extension).OrderByDescending(f => f.LastAccessTimeUtc))
        {
            kept += file.Length;
            if (kept > capacity)
            {
                file.Delete();
            }
        }
    }

    private string FileOf(string key) => Path.Combine(path, key + Extension);
}
