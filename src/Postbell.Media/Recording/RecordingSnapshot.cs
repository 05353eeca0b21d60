using Microsoft.Win32.SafeHandles;
using Postbell.Media.Codecs;

namespace Postbell.Media.Recording;

/// <summary>Where the audio of a recording lay at one moment, and how to read it back.</summary>
/// <param name="Audio">The records.</param>
/// <param name="TotalBytes">Audio bytes there should be; 0 when not known.</param>
internal sealed record RecordingSnapshot(AudioExtent[] Audio, uint TotalBytes)
{
    /// <summary>Bytes that positions say there should be.</summary>
    public long ExpectedBytes => Audio.Length == 0 ? TotalBytes : Math.Max(TotalBytes, Audio.Max(static a => (long)a.Position + a.Bytes));

    /// <summary>Of those, bytes without a record.</summary>
    public long MissingBytes => Math.Max(0, ExpectedBytes - Audio.Sum(static a => (long)a.Bytes));

    /// <summary>Reads and verifies every record; what is lost or damaged becomes silence, so the timeline stays true.</summary>
    public RecordedAudio Read()
    {
        var runs = new List<RecordedRun>(Audio.Length);
        var handles = new Dictionary<string, SafeFileHandle>(StringComparer.Ordinal);
        long position = 0;
        long gap = 0;
        try
        {
            foreach (var extent in Audio)
            {
                gap += Fill(runs, extent.Law, extent.Position - position);
                var bytes = ReadRecord(handles, extent);
                gap += bytes is null ? Fill(runs, extent.Law, extent.Bytes) : 0;
                if (bytes is { } audio)
                {
                    runs.Add(new RecordedRun(extent.Law, audio));
                }

                position = extent.Position + extent.Bytes;
            }
        }
        finally
        {
            foreach (var handle in handles.Values)
            {
                handle.Dispose();
            }
        }

        gap += Fill(runs, runs.Count == 0 ? G711Law.Mu : runs[^1].Law, TotalBytes - position);
        return new RecordedAudio(runs, gap);
    }

    private static long Fill(List<RecordedRun> runs, G711Law law, long bytes)
    {
        if (bytes <= 0)
        {
            return 0;
        }

        var silence = new byte[bytes];
        Array.Fill(silence, G711.SilenceByte(law));
        runs.Add(new RecordedRun(law, silence));
        return bytes;
    }

    private static ReadOnlyMemory<byte>? ReadRecord(Dictionary<string, SafeFileHandle> handles, AudioExtent extent)
    {
        var record = new byte[JournalFormat.RecordHeadBytes + extent.Bytes];
        try
        {
            if (!handles.TryGetValue(extent.Segment.Path, out var handle))
            {
                handle = File.OpenHandle(extent.Segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                handles.Add(extent.Segment.Path, handle);
            }

            var intact = RandomAccess.Read(handle, record, extent.Offset) == record.Length
                && JournalFormat.TryReadRecord(record, extent.Segment.Number, out _);
            return intact ? new ReadOnlyMemory<byte>(record, JournalFormat.RecordHeadBytes, extent.Bytes) : default(ReadOnlyMemory<byte>?);
        }
        catch (IOException)
        {
            // An unreadable sector costs its second of audio, not the message.
            return null;
        }
    }
}
