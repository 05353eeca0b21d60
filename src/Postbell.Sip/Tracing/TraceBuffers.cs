using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Postbell.Sip.Tracing;

/// <summary>
/// Buffers of a few sizes that go round between calls, so that tracing a call makes no garbage; all of them together stay within a limit. Not safe from
/// several threads.
/// </summary>
internal sealed class TraceBuffers(int limit)
{
    /// <summary>The largest buffer.</summary>
    public const int Largest = 8192;

    private const int SmallestBits = 8;
    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, BitOperations.Log2(Largest) - SmallestBits + 1).Select(_ => new Stack<byte[]>())];
    private int _freeBytes;

    /// <summary>Bytes of buffers that are in use.</summary>
    public int UsedBytes { get; private set; }

    /// <summary>A buffer for so many bytes, at most <see cref="Largest"/>; false when that would pass the limit.</summary>
    public bool TryTake(int length, [NotNullWhen(true)] out byte[]? buffer)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, 1 << SmallestBits));
        buffer = null;
        if (UsedBytes + size > limit)
        {
            return false;
        }

        if (_free[ClassOf(size)].TryPop(out buffer))
        {
            _freeBytes -= size;
        }
        else
        {
            DropFree(UsedBytes + _freeBytes + size - limit);
            buffer = GC.AllocateUninitializedArray<byte>(size);
        }

        UsedBytes += size;
        return true;
    }

    public void Return(byte[] buffer)
    {
        UsedBytes -= buffer.Length;
        _freeBytes += buffer.Length;
        _free[ClassOf(buffer.Length)].Push(buffer);
    }

    private static int ClassOf(int size) => BitOperations.Log2((uint)size) - SmallestBits;

    /// <summary>Makes room by leaving unused buffers of other sizes to the collector, the large ones first.</summary>
    private void DropFree(int bytes)
    {
        for (var i = _free.Length - 1; i >= 0; i--)
        {
            while (bytes > 0 && _free[i].TryPop(out var dropped))
            {
                bytes -= dropped.Length;
                _freeBytes -= dropped.Length;
            }
        }
    }
}
