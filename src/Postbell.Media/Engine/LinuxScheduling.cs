using System.Runtime.InteropServices;

namespace Postbell.Media.Engine;

/// <summary>
/// Asks Linux to let an engine thread run as soon as it wakes. All of it is a wish: where the system refuses, everything stays as it was.
/// </summary>
internal static unsafe partial class LinuxScheduling
{
    private const int ThisThread = 0;
    private const int VoicePriority = -10;

    // The scheduler of Linux 6.12 and later serves who asks for short slices earlier. No privilege is needed for that.
    private const ulong SliceNs = 100_000;

    /// <summary>Applies to the calling thread.</summary>
    public static void PreferThisThread()
    {
        // Needs root or CAP_SYS_NICE.
        _ = SetPriority(ThisThread, 0, VoicePriority);
        var (get, set) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (315, 314),
            Architecture.Arm64 => (275, 274),
            _ => (0, 0),
        };
        var attributes = default(Attributes);
        if (get != 0 && GetAttributes(get, 0, &attributes, (uint)sizeof(Attributes), 0) == 0 && attributes.Policy == 0)
        {
            attributes.Size = (uint)sizeof(Attributes);
            attributes.Flags = 0;
            attributes.Runtime = SliceNs;
            _ = SetAttributes(set, 0, &attributes, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint GetAttributes(nint number, nint thread, Attributes* attributes, nuint size, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetAttributes(nint number, nint thread, Attributes* attributes, nuint flags);

    /// <summary>struct sched_attr, first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
