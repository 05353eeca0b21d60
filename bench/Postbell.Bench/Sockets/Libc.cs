using System.Runtime.InteropServices;

namespace Postbell.Bench.Sockets;

/// <summary>The few calls of the C library the generator lives on, with the layouts of 64-bit Linux.</summary>
internal static unsafe partial class Libc
{
    public const int Inet = 2;
    public const int Datagram = 2;
    public const int NonBlocking = 0x800;
    public const int SocketLevel = 1;
    public const int ReceiveBufferForce = 33;
    public const int SendBufferForce = 32;
    public const int ReceiveBuffer = 8;
    public const int SendBuffer = 7;
    public const int TimestampNanoseconds = 35;
    public const int DontWait = 0x40;
    public const short PollIn = 1;
    public const int Realtime = 0;
    public const int Interrupt = 2;

    [StructLayout(LayoutKind.Sequential)]
    public struct Address
    {
        public ushort Family;
        public ushort PortBigEndian;
        public uint HostBigEndian;
        public ulong Padding;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Header
    {
        public Address* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public Header Header;
        public uint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Polled
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, Address* address, uint length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(int descriptor, Address* address, uint* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int descriptor, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int descriptor, Message* messages, uint count, int flags, Time* timeout);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(Polled* descriptors, nuint count, Time* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    public static partial int GetTime(int clock, Time* time);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Signal(int process, int signal);

    /// <summary>Nanoseconds since 1970 on the clock the kernel stamps packets with.</summary>
    public static long Now()
    {
        Time time;
        _ = GetTime(Realtime, &time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}
