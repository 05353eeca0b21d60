using System.Buffers;

namespace Postbell.Imap.Session;

/// <summary>One command as it was read: its bytes with small literals in place.</summary>
/// <param name="Bytes">Without the final CRLF. Valid until the next command is read.</param>
/// <param name="MessageFollows">True for APPEND: the bytes end with the announcement of the message, which the command reads itself.</param>
internal readonly record struct CommandText(ReadOnlyMemory<byte> Bytes, bool MessageFollows);

/// <summary>The buffer commands are collected in. It shrinks back after a large one, so that an idle connection holds little.</summary>
internal sealed class CommandBuffer
{
    private const int KeptBytes = 4096;

    private ArrayBufferWriter<byte> _bytes = new(256);

    public ArrayBufferWriter<byte> Writer => _bytes;

    public int Length => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> Memory => _bytes.WrittenMemory;

    public void Clear()
    {
        if (_bytes.Capacity > KeptBytes)
        {
            _bytes = new ArrayBufferWriter<byte>(256);
        }
        else
        {
            _bytes.ResetWrittenCount();
        }
    }
}
