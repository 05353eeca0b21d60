using Microsoft.Extensions.Logging;
using Postbell.Core;

namespace Postbell.Media.Recording;

internal static partial class JournalLog
{
    [LoggerMessage(LogLevel.Information,
        "Recording journal {Directory} opened: {Recovered} recordings of earlier runs, {Interrupted} of them interrupted, {Segments} segments")]
    public static partial void Opened(ILogger log, string directory, int recovered, int interrupted, int segments);

    [LoggerMessage(LogLevel.Warning, "Journal segment {Path} ends in {Bytes} bytes that are no record: cut there")]
    public static partial void TornTail(ILogger log, string path, long bytes);

    [LoggerMessage(LogLevel.Error, "Journal segment {Path} is damaged in {Places} places, {Bytes} bytes in all; the records behind them were salvaged")]
    public static partial void Damaged(ILogger log, string path, int places, long bytes);

    [LoggerMessage(LogLevel.Error, "Journal segment {Path} cannot be read and is kept as it is")]
    public static partial void Unreadable(ILogger log, string path, Exception error);

    [LoggerMessage(LogLevel.Critical, "The recording journal failed ({Reason}): no recording is accepted or promised until a restart; after DiskFull until there is space")]
    public static partial void Failed(ILogger log, JournalRefusal reason, Exception error);

    [LoggerMessage(LogLevel.Warning, "There is space on the disk again ({Available} bytes): recordings are taken in a new journal segment")]
    public static partial void Resumed(ILogger log, long available);

    [LoggerMessage(LogLevel.Error, "Free disk space {Available} bytes is below the reserve: no new recordings")]
    public static partial void DiskLow(ILogger log, long available);

    [LoggerMessage(LogLevel.Information, "Free disk space is {Available} bytes: recordings are taken again")]
    public static partial void DiskEnough(ILogger log, long available);

    [LoggerMessage(LogLevel.Warning, "Journal segment {Path} could not be deleted; tried again later")]
    public static partial void DeleteFailed(ILogger log, string path, Exception error);

    [LoggerMessage(LogLevel.Information, "Journal segment {Path} held little that is still needed: {CatalogEntries} recordings were moved into the present one, the segment is gone")]
    public static partial void Compacted(ILogger log, string path, int catalogEntries);

    [LoggerMessage(LogLevel.Error, "Journal segment {Path} has damage in what is still needed of it and is kept as it is")]
    public static partial void NotCompacted(ILogger log, string path);

    [LoggerMessage(LogLevel.Error, "Recording {Id} lost {Bytes} audio bytes because the disk was too slow; silence stands in their place")]
    public static partial void LostAudio(ILogger log, TraceId id, long bytes);
}
