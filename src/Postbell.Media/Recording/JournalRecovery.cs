using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Postbell.Media.Recording;

/// <summary>Reads what earlier runs left in the folder. Changes nothing there.</summary>
internal sealed class JournalRecovery
{
    private const string Prefix = "journal-";
    private const string Suffix = ".pbj";

    private JournalRecovery(JournalCatalog catalog) => Catalog = catalog;

    public JournalCatalog Catalog { get; }

    public IReadOnlyList<RecoveredRecording> Recovered { get; private set; } = [];

    public int TornTails { get; private set; }

    public int DamagedPlaces { get; private set; }

    public long DamagedBytes { get; private set; }

    public static string PathOf(string directory, uint number) =>
        Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D8}{Suffix}"));

    /// <exception cref="JournalFormatException">A newer program wrote here.</exception>
    public static JournalRecovery Read(string directory, ILogger log)
    {
        var recovery = new JournalRecovery(new JournalCatalog());
        foreach (var (number, path) in Segments(directory))
        {
            recovery.ReadSegment(number, path, log);
        }

        recovery.Recovered = [.. recovery.Catalog.Live.OrderBy(static r => r.Id).Select(static r => Describe(r))];
        return recovery;
    }

    private static IEnumerable<(uint Number, string Path)> Segments(string directory) =>
        Directory.EnumerateFiles(directory, Prefix + "*" + Suffix)
            .Select(static path => (Text: Path.GetFileName(path)[Prefix.Length..^Suffix.Length], path))
            .Where(static s => uint.TryParse(s.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(static s => (uint.Parse(s.Text, CultureInfo.InvariantCulture), s.path))
            .OrderBy(static s => s.Item1);

    private static RecoveredRecording Describe(RecordingEntry entry)
    {
        var snapshot = entry.Snapshot();
        return new RecoveredRecording(entry.Id, entry.IsComplete, entry.Envelope, RecordedFormatFacts.Time(snapshot.ExpectedTicks), RecordedFormatFacts.Time(snapshot.MissingTicks));
    }

    private void ReadSegment(uint number, string path, ILogger log)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            JournalLog.Unreadable(log, path, error);
            Catalog.Add(new JournalSegment(number, path) { IsUnreadable = true });
            DamagedPlaces++;
            return;
        }

        if (JournalFormat.ReadSegmentVersion(bytes) > JournalFormat.Version)
        {
            throw new JournalFormatException($"{path} was written by a newer version of this program; start that one, or move the file away.");
        }

        var segment = new JournalSegment(number, path) { Bytes = bytes.Length };
        Catalog.Add(segment);
        Count(path, log, SegmentScan.Run(bytes, number, (in RecordHead head, long offset, ReadOnlySpan<byte> payload) =>
            Catalog.Note(segment, head, offset, head.Kind == RecordKind.Audio ? default : payload.ToArray())));
    }

    private void Count(string path, ILogger log, SegmentScan scan)
    {
        DamagedPlaces += scan.DamagedPlaces;
        DamagedBytes += scan.DamagedBytes;
        if (scan.DamagedPlaces > 0)
        {
            JournalLog.Damaged(log, path, scan.DamagedPlaces, scan.DamagedBytes);
        }

        if (scan.IsTorn)
        {
            TornTails++;
            JournalLog.TornTail(log, path, scan.DamagedBytes);
        }
    }
}
