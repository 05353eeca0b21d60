using System.Runtime.InteropServices;

namespace Postbell.Media.Engine;

/// <summary>The system calls of the engine, straight from libc (64-bit Linux).</summary>
internal static unsafe partial class LinuxCalls
{
    public const int Inet = 2;
    public const int Inet6 = 10;
    public const int Datagram = 2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int DontWait = 0x40;
    public const int Truncated = 0x20;
    public const int SocketLevel = 1;
    public const int TimestampNs = 35;
    public const int IPv4Level = 0;
    public const int IPv4TypeOfService = 1;
    public const int IPv6Level = 41;
    public const int IPv6TrafficClass = 67;
    public const int IPv6Only = 26;
    public const int AddressInUse = 98;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const short PollIn = 1;
    public const int SetTimerSlack = 29;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int SocketName(int socket, byte* address, int* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int name, int* value, int length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    // The calls of the packet path never block and last about a microsecond: the runtime need not change the thread's state around them.
    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    [SuppressGCTransition]
    public static partial int ReceiveMany(int socket, MessageVector* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "recvfrom")]
    [SuppressGCTransition]
    public static partial nint ReceiveFrom(int socket, byte* data, nuint length, int flags, byte* address, int* addressLength);

    [LibraryImport("libc", EntryPoint = "sendto")]
    [SuppressGCTransition]
    public static partial nint SendTo(int socket, byte* data, nuint length, int flags, byte* address, int addressLength);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int descriptor, void* target, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int descriptor, void* source, nuint length);

    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int ThreadControl(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct BufferVector
    {
        public byte* Data;
        public nuint Length;
    }

    /// <summary>struct mmsghdr: a struct msghdr and the length received.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageVector
    {
        public byte* Name;
        public uint NameLength;
        public BufferVector* Buffers;
        public nuint BufferCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly uint _endOfHeader;
        public uint Length;
        private readonly uint _endOfVector;
    }
}
