using System.Collections.Concurrent;

namespace Postbell.Media.Recording;

/// <summary>The audio buffers of a journal: reused, and bounded in number, so a stalled disk cannot eat the memory.</summary>
internal sealed class AudioChunkPool(int chunkBytes, long maxBytes)
{
    private readonly ConcurrentQueue<AudioChunk> _free = new();
    private long _outstanding;
    private long _backPressure;

    public long OutstandingBytes => Volatile.Read(ref _outstanding) * chunkBytes;

    public long BackPressure => Volatile.Read(ref _backPressure);

    public bool IsStrained => OutstandingBytes > maxBytes / 2;

    public AudioChunk? TryRent(RecordedFormat format, ushort generation, uint position)
    {
        if (Interlocked.Increment(ref _outstanding) * chunkBytes > maxBytes)
        {
            Interlocked.Decrement(ref _outstanding);
            CountBackPressure();
            return null;
        }

        if (!_free.TryDequeue(out var chunk))
        {
            chunk = new AudioChunk(chunkBytes);
        }

        chunk.Reset(format, generation, position);
        return chunk;
    }

    public void Return(AudioChunk chunk)
    {
        _free.Enqueue(chunk);
        Interlocked.Decrement(ref _outstanding);
    }

    public void CountBackPressure() => Interlocked.Increment(ref _backPressure);
}
