using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Postbell.Mailbox.Storage.Blobs;
using Postbell.Smtp.Client;

namespace Postbell.Smtp.Outbound;

/// <summary>
/// The queue on disk: for each message its content, written once, and a small file with its envelope and state that is replaced as a whole. The
/// content is durable before the file that makes it a message, so that a crash leaves a message or none.
/// </summary>
internal sealed class OutboundStore
{
    private const string EntrySuffix = ".json";
    private const string ContentSuffix = ".eml";
    private const string UnfinishedSuffix = ".new";
    private const int BlockBytes = 64 << 10;
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter(), new TraceIdJson() } };
    private readonly string _directory;
    private readonly IDurableDisk _disk;

    private OutboundStore(string directory, IDurableDisk disk) => (_directory, _disk) = (directory, disk);

    /// <summary>Opens the folder and clears away what a crash left half done.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="disk">Makes it durable.</param>
    /// <param name="entries">What is in the queue.</param>
    /// <param name="unreadable">Files of entries that cannot be read; they are left as they are.</param>
    public static OutboundStore Open(string directory, IDurableDisk disk, out IReadOnlyList<OutboundEntry> entries, out IReadOnlyList<string> unreadable)
    {
        System.IO.Directory.CreateDirectory(directory);
        disk.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(directory)) ?? directory);
        var (found, bad) = (new List<OutboundEntry>(), new List<string>());
        foreach (var file in System.IO.Directory.EnumerateFiles(directory, "*" + EntrySuffix))
        {
            if (TryRead(file) is { } entry && File.Exists(Path.ChangeExtension(file, ContentSuffix)))
            {
                found.Add(entry);
            }
            else
            {
                bad.Add(file);
            }
        }

        foreach (var file in System.IO.Directory.EnumerateFiles(directory).Where(f => IsLeftOver(f)).ToArray())
        {
            File.Delete(file);
        }

        (entries, unreadable) = (found, bad);
        return new OutboundStore(directory, disk);
    }

    /// <summary>Makes a message durable. Its line ends become CRLF on the way.</summary>
    /// <returns>The entry with what was learnt of its content.</returns>
    public OutboundEntry Add(OutboundEntry entry, ReadOnlyMemory<byte> content)
    {
        var path = PathOf(entry.Id, ContentSuffix);
        try
        {
            var whole = WriteContent(path, entry, content);
            WriteEntry(whole);
            return whole;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Replaces the state of a message.</summary>
    public void Update(OutboundEntry entry) => WriteEntry(entry);

    /// <summary>Forgets a message.</summary>
    public void Remove(string id)
    {
        File.Delete(PathOf(id, EntrySuffix));
        // Without the entry the content is a left-over of a crash.
        _disk.FlushDirectory(_directory);
        File.Delete(PathOf(id, ContentSuffix));
    }

    /// <summary>Opens the content.</summary>
    public FileStream OpenContent(string id) =>
        new(PathOf(id, ContentSuffix), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.Asynchronous, BufferSize = 0 });

    private static OutboundEntry? TryRead(string file)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<OutboundEntry>(File.ReadAllBytes(file), s_json);
            return entry?.Id == Path.GetFileNameWithoutExtension(file) ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsLeftOver(string file) =>
        file.EndsWith(UnfinishedSuffix, StringComparison.Ordinal)
        || (file.EndsWith(ContentSuffix, StringComparison.Ordinal) && !File.Exists(Path.ChangeExtension(file, EntrySuffix)));

    private OutboundEntry WriteContent(string path, OutboundEntry entry, ReadOnlyMemory<byte> content)
    {
        using var file = Create(path);
        var lines = new LineEndNormaliser();
        var output = new ArrayBufferWriter<byte>(BlockBytes * 2);
        for (var rest = content; !rest.IsEmpty; rest = rest[Math.Min(BlockBytes, rest.Length)..])
        {
            output.ResetWrittenCount();
            lines.Write(rest.Span[..Math.Min(BlockBytes, rest.Length)], output);
            file.Write(output.WrittenSpan);
        }

        output.ResetWrittenCount();
        lines.Complete(output);
        file.Write(output.WrittenSpan);
        file.Flush();
        _disk.FlushFile(file.SafeFileHandle);
        return entry with { Size = file.Length, IsEightBit = lines.IsEightBit, HasEightBitHeader = lines.HasEightBitHeader };
    }

    private void WriteEntry(OutboundEntry entry)
    {
        var path = PathOf(entry.Id, EntrySuffix);
        using (var file = Create(path + UnfinishedSuffix))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(entry, s_json));
            file.Flush();
            _disk.FlushFile(file.SafeFileHandle);
        }

        File.Move(path + UnfinishedSuffix, path, overwrite: true);
        _disk.FlushDirectory(_directory);
    }

    // Other people's mail: nobody else on the machine may read it.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private string PathOf(string id, string suffix) => Path.Combine(_directory, id + suffix);
}
