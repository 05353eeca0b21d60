using System.Runtime.InteropServices;

namespace Postbell.Delivery.Audio;

/// <summary>The LAME library (Debian: libmp3lame0), loaded when first asked for.</summary>
internal static partial class LameLibrary
{
    private const string Name = "libmp3lame.so.0";

    private static readonly Lazy<bool> s_isAvailable = new(static () => NativeLibrary.TryLoad(Name, out _));

    public static bool IsAvailable => s_isAvailable.Value;

    [LibraryImport(Name, EntryPoint = "lame_init")]
    public static partial nint Init();

    [LibraryImport(Name, EntryPoint = "lame_close")]
    public static partial int Close(nint lame);

    [LibraryImport(Name, EntryPoint = "lame_set_in_samplerate")]
    public static partial int SetInputRate(nint lame, int rate);

    [LibraryImport(Name, EntryPoint = "lame_set_out_samplerate")]
    public static partial int SetOutputRate(nint lame, int rate);

    [LibraryImport(Name, EntryPoint = "lame_set_num_channels")]
    public static partial int SetChannels(nint lame, int channels);

    [LibraryImport(Name, EntryPoint = "lame_set_mode")]
    public static partial int SetMode(nint lame, int mode);

    [LibraryImport(Name, EntryPoint = "lame_set_brate")]
    public static partial int SetBitRate(nint lame, int kilobits);

    [LibraryImport(Name, EntryPoint = "lame_set_quality")]
    public static partial int SetQuality(nint lame, int quality);

    [LibraryImport(Name, EntryPoint = "lame_set_write_id3tag_automatic")]
    public static partial void SetWriteId3(nint lame, int write);

    [LibraryImport(Name, EntryPoint = "lame_init_params")]
    public static partial int InitParameters(nint lame);

    [LibraryImport(Name, EntryPoint = "lame_encode_buffer")]
    public static unsafe partial int Encode(nint lame, short* left, short* right, int samples, byte* output, int outputBytes);

    [LibraryImport(Name, EntryPoint = "lame_encode_flush")]
    public static unsafe partial int Flush(nint lame, byte* output, int outputBytes);
}
