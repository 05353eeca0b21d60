using System.Runtime.InteropServices;

namespace Postbell.Media.Srtp;

/// <summary>The SRTP library (Debian: libsrtp2-1), loaded when first asked for.</summary>
internal static partial class SrtpLibrary
{
    public const string Name = "libsrtp2.so.1";
    public const int Ok = 0;
    public const int ReplayFail = 9;
    public const int ReplayOld = 10;

    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;

    private static readonly Lazy<bool> s_isAvailable =
        new(static () => Environment.Is64BitProcess && NativeLibrary.TryLoad(Name, out _) && Init() == Ok);

    public static bool IsAvailable => s_isAvailable.Value;

    /// <summary>Makes a context; 0 when the library does not have the suite or has no memory.</summary>
    public static unsafe nint Create(SrtpSuite suite, ReadOnlySpan<byte> keyAndSalt, bool inbound)
    {
        var policy = new Policy { SourceType = inbound ? AnyInbound : AnyOutbound, WindowSize = 128 };
        SetCrypto(suite, &policy.Rtp, isReport: false);
        SetCrypto(suite, &policy.Rtcp, isReport: true);
        fixed (byte* key = keyAndSalt)
        {
            policy.Key = key;
            nint context;
            return CreateContext(&context, &policy) == Ok ? context : 0;
        }
    }

    [LibraryImport(Name, EntryPoint = "srtp_dealloc")]
    public static partial int Free(nint context);

    [LibraryImport(Name, EntryPoint = "srtp_protect")]
    public static unsafe partial int Protect(SrtpContext context, byte* packet, int* length);

    [LibraryImport(Name, EntryPoint = "srtp_unprotect")]
    public static unsafe partial int Unprotect(SrtpContext context, byte* packet, int* length);

    [LibraryImport(Name, EntryPoint = "srtp_protect_rtcp")]
    public static unsafe partial int ProtectReport(SrtpContext context, byte* packet, int* length);

    [LibraryImport(Name, EntryPoint = "srtp_unprotect_rtcp")]
    public static unsafe partial int UnprotectReport(SrtpContext context, byte* packet, int* length);

    private static unsafe void SetCrypto(SrtpSuite suite, CryptoPolicy* policy, bool isReport)
    {
        switch (suite)
        {
            case SrtpSuite.AeadAes256Gcm:
                SetAes256Gcm(policy);
                break;
            case SrtpSuite.AeadAes128Gcm:
                SetAes128Gcm(policy);
                break;
            case SrtpSuite.Aes256CmHmacSha1Tag80:
                SetAes256Cm80(policy);
                break;
            case SrtpSuite.AesCm128HmacSha1Tag32 when !isReport:
                SetAes128Cm32(policy);
                break;
            default:
                // Reports keep the long tag with the short suite too (RFC 4568, 6.2.2).
                SetAes128Cm80(policy);
                break;
        }
    }

    [LibraryImport(Name, EntryPoint = "srtp_init")]
    private static partial int Init();

    [LibraryImport(Name, EntryPoint = "srtp_create")]
    private static unsafe partial int CreateContext(nint* context, Policy* policy);

    [LibraryImport(Name, EntryPoint = "srtp_crypto_policy_set_aes_gcm_256_16_auth")]
    private static unsafe partial void SetAes256Gcm(CryptoPolicy* policy);

    [LibraryImport(Name, EntryPoint = "srtp_crypto_policy_set_aes_gcm_128_16_auth")]
    private static unsafe partial void SetAes128Gcm(CryptoPolicy* policy);

    [LibraryImport(Name, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80")]
    private static unsafe partial void SetAes256Cm80(CryptoPolicy* policy);

    [LibraryImport(Name, EntryPoint = "srtp_crypto_policy_set_rtp_default")]
    private static unsafe partial void SetAes128Cm80(CryptoPolicy* policy);

    [LibraryImport(Name, EntryPoint = "srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32")]
    private static unsafe partial void SetAes128Cm32(CryptoPolicy* policy);

    /// <summary><c>srtp_crypto_policy_t</c> of libsrtp 2.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct CryptoPolicy
    {
        public int CipherType;
        public int CipherKeyLength;
        public int AuthType;
        public int AuthKeyLength;
        public int AuthTagLength;
        public int Services;
    }

    /// <summary><c>srtp_policy_t</c> of libsrtp 2 on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Policy
    {
        public int SourceType;
        public uint Source;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public byte* Key;
        public nint Keys;
        public nuint KeyCount;
        public nint Unused;
        public nuint WindowSize;
        public int AllowRepeat;
        public nint EncryptedExtensions;
        public int EncryptedExtensionCount;
        public nint Next;
    }
}
