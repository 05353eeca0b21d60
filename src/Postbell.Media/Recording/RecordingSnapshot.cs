using Microsoft.Win32.SafeHandles;

namespace Postbell.Media.Recording;

/// <summary>Where the audio of a recording lay at one moment, and how to read it back.</summary>
/// <param name="Audio">The records.</param>
/// <param name="TotalTicks">Ticks (1/8000 s) of audio there should be; 0 when not known.</param>
internal sealed record RecordingSnapshot(AudioExtent[] Audio, uint TotalTicks)
{
    /// <summary>Ticks that positions say there should be.</summary>
    public long ExpectedTicks => Audio.Length == 0 ? TotalTicks : Math.Max(TotalTicks, Audio.Max(static a => a.End));

    /// <summary>Of those, ticks without a record.</summary>
    public long MissingTicks => Math.Max(0, ExpectedTicks - Audio.Sum(static a => (long)a.Ticks));

    /// <summary>Reads and verifies every record; what is lost or damaged becomes silence, so the timeline stays true.</summary>
    /// <param name="isOutdated">True when a segment is gone that was there when this was taken: what it held was moved meanwhile.</param>
    public RecordedAudio Read(out bool isOutdated)
    {
        isOutdated = false;
        var runs = new List<RecordedRun>(Audio.Length);
        var handles = new Dictionary<string, SafeFileHandle>(StringComparer.Ordinal);
        long position = 0;
        long gap = 0;
        try
        {
            foreach (var extent in Audio)
            {
                gap += Fill(runs, extent.Format, extent.Position - position);
                var bytes = ReadRecord(handles, extent, ref isOutdated);
                gap += bytes is null ? Fill(runs, extent.Format, extent.Ticks) : 0;
                if (bytes is { } audio)
                {
                    runs.Add(new RecordedRun(extent.Format, audio));
                }

                position = extent.End;
            }
        }
        finally
        {
            foreach (var handle in handles.Values)
            {
                handle.Dispose();
            }
        }

        gap += Fill(runs, runs.Count == 0 ? RecordedFormat.Mu : runs[^1].Format, TotalTicks - position);
        return new RecordedAudio(runs, RecordedFormatFacts.Time(gap));
    }

    private static long Fill(List<RecordedRun> runs, RecordedFormat format, long ticks)
    {
        if (ticks <= 0)
        {
            return 0;
        }

        runs.Add(new RecordedRun(format, format.Silence(ticks)));
        return ticks;
    }

    private static ReadOnlyMemory<byte>? ReadRecord(Dictionary<string, SafeFileHandle> handles, AudioExtent extent, ref bool isOutdated)
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
        catch (FileNotFoundException)
        {
            isOutdated = true;
            return null;
        }
        catch (IOException)
        {
            // An unreadable sector costs its second of audio, not the message.
            return null;
        }
    }
}
