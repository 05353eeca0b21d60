using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media.Recording;
using Postbell.TestKit;

namespace Postbell.Media.Tests.Recording;

/// <summary>A journal folder, a clock and ways to fill it.</summary>
internal sealed class JournalTestFolder : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ManualTime Time { get; } = new();

    public TestDisk Disk { get; } = new();

    public string Path => System.IO.Path.Combine(_directory, "spool");

    public string[] Segments => [.. Directory.GetFiles(Path, "*.pbj").Order(StringComparer.Ordinal)];

    public RecordingJournal Open(Func<RecordingJournalOptions, RecordingJournalOptions>? change = null)
    {
        var options = new RecordingJournalOptions { Directory = Path };
        return RecordingJournal.Open(change?.Invoke(options) ?? options, Disk, Time, NullLogger.Instance);
    }

    public TraceId NewId() => TraceId.New(Time);

    /// <summary>Audio that says where each byte belongs.</summary>
    public static byte[] Audio(int bytes, int seed = 0)
    {
        var audio = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            audio[i] = (byte)((i * 31) + (i >> 8) + seed);
        }

        return audio;
    }

    public static void Speak(JournalRecording recording, ReadOnlySpan<byte> audio, G711Law law = G711Law.Mu)
    {
        for (; !audio.IsEmpty; audio = audio[Math.Min(160, audio.Length)..])
        {
            recording.Append(audio[..Math.Min(160, audio.Length)], law);
        }
    }

    public static byte[] Join(RecordedAudio audio) => [.. audio.Runs.SelectMany(static r => r.Bytes.ToArray())];

    public void Dispose() => _directory.Dispose();
}
