namespace Postbell.Media.Srtp;

/// <summary>What became of an encrypted packet.</summary>
internal enum SrtpVerdict
{
    /// <summary>Authentic; it stands decrypted in its place.</summary>
    Accept,

    /// <summary>Authentic or not, it was here before or is too old to tell.</summary>
    Replayed,

    /// <summary>Not from who has the key, damaged, or no RTP.</summary>
    Refused,
}
