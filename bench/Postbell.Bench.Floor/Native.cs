using System.Runtime.InteropServices;

namespace Postbell.Bench.Floor;

/// <summary>The few system calls the floor needs (64-bit Linux).</summary>
internal static unsafe partial class Native
{
    private const int Inet = 2;
    private const int Datagram = 2;
    private const int DontWait = 0x40;
    private const int MonotonicClock = 1;
    private const int AbsoluteTime = 1;

    /// <summary>An IPv4 UDP socket on the loopback device; port 0 lets the system choose.</summary>
    public static int Open(out ushort port)
    {
        var socket = Socket(Inet, Datagram, 0);
        var name = stackalloc byte[16];
        WriteName(name, 0);
        var length = 16;
        if (socket < 0 || Bind(socket, name, 16) != 0 || SocketName(socket, name, &length) != 0)
        {
            throw new InvalidOperationException($"no socket: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())} (ulimit -n?)");
        }

        port = (ushort)((name[2] << 8) | name[3]);
        return socket;
    }

    public static bool Receive(int socket, Span<byte> buffer, out int length)
    {
        fixed (byte* data = buffer)
        {
            length = (int)ReceiveFrom(socket, data, (nuint)buffer.Length, DontWait, null, null);
            return length >= 0;
        }
    }

    public static bool Send(int socket, ReadOnlySpan<byte> packet, ushort port)
    {
        var name = stackalloc byte[16];
        WriteName(name, port);
        fixed (byte* data = packet)
        {
            return SendTo(socket, data, (nuint)packet.Length, DontWait, name, 16) >= 0;
        }
    }

    public static long Now()
    {
        TimeSpec time;
        _ = ClockGet(MonotonicClock, &time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    public static void SleepUntil(long ns)
    {
        var time = new TimeSpec { Seconds = ns / 1_000_000_000, Nanoseconds = ns % 1_000_000_000 };
        _ = ClockSleep(MonotonicClock, AbsoluteTime, &time, null);
    }

    /// <summary>CPU time of a thread of this process so far, in ns, by its name.</summary>
    public static long ThreadCpu(string name)
    {
        var total = 0L;
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            if (File.ReadAllText(Path.Combine(task, "comm")).Trim() == name)
            {
                total += long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0]);
            }
        }

        return total;
    }

    private static void WriteName(byte* name, ushort port)
    {
        *(ulong*)name = Inet;
        name[2] = (byte)(port >> 8);
        name[3] = (byte)port;
        *(uint*)(name + 4) = 0x0100007F;
        *(ulong*)(name + 8) = 0;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int SocketName(int socket, byte* address, int* length);

    [LibraryImport("libc", EntryPoint = "recvfrom")]
    [SuppressGCTransition]
    private static partial nint ReceiveFrom(int socket, byte* data, nuint length, int flags, void* address, void* addressLength);

    [LibraryImport("libc", EntryPoint = "sendto")]
    [SuppressGCTransition]
    private static partial nint SendTo(int socket, byte* data, nuint length, int flags, byte* address, int addressLength);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGet(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockSleep(int clock, int flags, TimeSpec* time, void* rest);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
