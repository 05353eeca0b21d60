namespace Postbell.Media.Srtp;

/// <summary>How SRTP encrypts and authenticates (RFC 4568, 6.2; RFC 6188; RFC 7714).</summary>
public enum SrtpSuite
{
    /// <summary>AEAD_AES_256_GCM: tag of 16 bytes.</summary>
    AeadAes256Gcm,

    /// <summary>AEAD_AES_128_GCM: tag of 16 bytes.</summary>
    AeadAes128Gcm,

    /// <summary>AES_256_CM_HMAC_SHA1_80: tag of 10 bytes.</summary>
    Aes256CmHmacSha1Tag80,

    /// <summary>AES_CM_128_HMAC_SHA1_80: tag of 10 bytes. Every peer with SRTP has it.</summary>
    AesCm128HmacSha1Tag80,

    /// <summary>AES_CM_128_HMAC_SHA1_32: tag of 4 bytes on RTP, of 10 bytes on RTCP.</summary>
    AesCm128HmacSha1Tag32,
}
