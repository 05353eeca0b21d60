using System.IO.Compression;

namespace Postbell.Imap.Session;

/// <summary>
/// Compresses what is written (RFC 4978) so that each flush can be read at once. A compressor takes some hundred kilobytes, so it is let go
/// (<see cref="Rest"/>) while the client is silent: after a flush the stream stands at a byte boundary, and a new compressor, which refers to
/// nothing before its own start, simply goes on.
/// </summary>
internal sealed class DeflatingStream(Stream output) : Stream
{
    private DeflateStream? _deflate;
    private Exit? _exit;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Lets the compressor go; everything must have been flushed.</summary>
    public void Rest()
    {
        if (_deflate is not null)
        {
            // Its last words would end the stream for the client.
            _exit!.IsClosed = true;
            _deflate.Dispose();
            _deflate = null;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _deflate ??= new DeflateStream(_exit = new Exit(output), CompressionLevel.Fastest, leaveOpen: true);
        return _deflate.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _deflate?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException("Asynchronous only.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Asynchronous only.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Rest();
        }

        base.Dispose(disposing);
    }

    /// <summary>Where compressed bytes go out, until it is closed.</summary>
    private sealed class Exit(Stream output) : Stream
    {
        public bool IsClosed { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            IsClosed ? ValueTask.CompletedTask : output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => IsClosed ? Task.CompletedTask : output.FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (!IsClosed)
            {
                throw new NotSupportedException("Asynchronous only.");
            }
        }

        public override void Flush()
        {
            // Nothing is held here.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
