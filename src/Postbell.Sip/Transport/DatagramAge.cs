using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Postbell.Sip.Transport;

/// <summary>How long a datagram stood in its socket's buffer before it was read: the part of a caller's wait that no queue of ours shows.</summary>
internal static partial class DatagramAge
{
    // SIOCGSTAMPNS (linux/sockios.h): the moment the kernel took the datagram that was read last, by the clock of the day.
    private const nuint StampOfLast = 0x8907;

    private const int TicksPerSecond = 10_000_000;

    /// <summary>
    /// The age of the datagram that was read last from <paramref name="socket"/>; next to nothing where the system does not
    /// tell, and for the first ones (the kernel begins to stamp some time after it was asked first).
    /// </summary>
    public static TimeSpan OfLast(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || Ask(socket.SafeHandle, StampOfLast, out var stamp) != 0)
        {
            return TimeSpan.Zero;
        }

        // The kernel stamps by the real clock, so the age is that of the real clock too.
        var age = TimeProvider.System.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks - (stamp.Seconds * TicksPerSecond) - (stamp.Nanoseconds / 100);
        return age > 0 ? TimeSpan.FromTicks(age) : TimeSpan.Zero;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ask(SafeHandle socket, nuint request, out Timespec stamp);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
