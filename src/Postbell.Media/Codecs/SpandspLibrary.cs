using System.Runtime.InteropServices;

namespace Postbell.Media.Codecs;

/// <summary>The telephony library spandsp (Debian: libspandsp2), loaded when first asked for.</summary>
internal static partial class SpandspLibrary
{
    public const string Name = "libspandsp.so.2";

    private const int BitRate = 64000;

    private static readonly Lazy<bool> s_isAvailable = new(static () => Environment.Is64BitProcess && NativeLibrary.TryLoad(Name, out _));

    public static bool IsAvailable => s_isAvailable.Value;

    public static nint CreateG722Decoder() => InitDecoder(0, BitRate, 0);

    public static nint CreateG722Encoder() => InitEncoder(0, BitRate, 0);

    [LibraryImport(Name, EntryPoint = "g722_decode_free")]
    public static partial int FreeDecoder(nint state);

    [LibraryImport(Name, EntryPoint = "g722_encode_free")]
    public static partial int FreeEncoder(nint state);

    [LibraryImport(Name, EntryPoint = "g722_decode")]
    public static unsafe partial int Decode(G722DecoderHandle state, short* samples, byte* codes, int length);

    [LibraryImport(Name, EntryPoint = "g722_encode")]
    public static unsafe partial int Encode(G722EncoderHandle state, byte* codes, short* samples, int length);

    [LibraryImport(Name, EntryPoint = "g722_decode_init")]
    private static partial nint InitDecoder(nint state, int rate, int options);

    [LibraryImport(Name, EntryPoint = "g722_encode_init")]
    private static partial nint InitEncoder(nint state, int rate, int options);
}
