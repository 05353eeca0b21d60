namespace Postbell.Media.Srtp;

/// <summary>Names and lengths of the suites.</summary>
internal static class SrtpSuiteFacts
{
    /// <summary>Name in session descriptions.</summary>
    public static string Name(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AeadAes256Gcm => "AEAD_AES_256_GCM",
        SrtpSuite.AeadAes128Gcm => "AEAD_AES_128_GCM",
        SrtpSuite.Aes256CmHmacSha1Tag80 => "AES_256_CM_HMAC_SHA1_80",
        SrtpSuite.AesCm128HmacSha1Tag80 => "AES_CM_128_HMAC_SHA1_80",
        _ => "AES_CM_128_HMAC_SHA1_32",
    };

    /// <summary>Bytes of master key and salt together.</summary>
    public static int KeyAndSaltBytes(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AeadAes256Gcm => 32 + 12,
        SrtpSuite.AeadAes128Gcm => 16 + 12,
        SrtpSuite.Aes256CmHmacSha1Tag80 => 32 + 14,
        _ => 16 + 14,
    };

    /// <summary>Bytes that each RTP packet grows by.</summary>
    public static int TagBytes(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AeadAes256Gcm or SrtpSuite.AeadAes128Gcm => 16,
        SrtpSuite.AesCm128HmacSha1Tag32 => 4,
        _ => 10,
    };

    /// <summary>True for suites whose cipher authenticates as well, without a tag field of its own (RFC 7714).</summary>
    public static bool IsAead(this SrtpSuite suite) => suite is SrtpSuite.AeadAes256Gcm or SrtpSuite.AeadAes128Gcm;

    /// <summary>The suite of a name as it stands in a description; null for all others. Names are compared with case (RFC 4568, 9.1).</summary>
    public static SrtpSuite? Of(ReadOnlySpan<byte> name)
    {
        foreach (var suite in Enum.GetValues<SrtpSuite>())
        {
            if (name.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(suite.Name())))
            {
                return suite;
            }
        }

        return null;
    }
}
