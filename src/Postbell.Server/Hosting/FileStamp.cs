namespace Postbell.Server.Hosting;

/// <summary>What tells that files were replaced: their times and lengths. A file that is not there has a stamp too.</summary>
internal readonly record struct FileStamp(DateTime FirstWritten, long FirstLength, DateTime SecondWritten, long SecondLength)
{
    /// <summary>The stamp of one or two files.</summary>
    public static FileStamp Of(string first, string? second = null)
    {
        var (one, two) = (new FileInfo(first), second is null ? null : new FileInfo(second));
        return new FileStamp(one.LastWriteTimeUtc, Length(one), two?.LastWriteTimeUtc ?? default, two is null ? 0 : Length(two));
    }

    private static long Length(FileInfo file) => file.Exists ? file.Length : -1;
}
