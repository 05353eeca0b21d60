using Postbell.Media.Srtp;

namespace Postbell.Media.Tests.Srtp;

internal static class SrtpPackets
{
    /// <summary>What a sender with this context makes of a packet.</summary>
    public static byte[] Encrypt(SrtpContext context, byte[] packet)
    {
        var buffer = new byte[packet.Length + SrtpContext.MaxGrowth];
        packet.CopyTo(buffer, 0);
        return buffer[..context.Protect(buffer, packet.Length)];
    }

    /// <summary>What a sender with this context makes of a report.</summary>
    public static byte[] EncryptReport(SrtpContext context, byte[] report)
    {
        var buffer = new byte[report.Length + SrtpContext.MaxGrowth];
        report.CopyTo(buffer, 0);
        return buffer[..context.ProtectReport(buffer, report.Length)];
    }

    /// <summary>Puts the index of the key into an encrypted packet, as RFC 3711 and for AEAD RFC 7714 say.</summary>
    public static byte[] WithIndex(byte[] encrypted, SrtpSuite suite, byte[] index, bool isReport = false)
    {
        var tag = suite.IsAead() ? 0 : isReport ? 10 : suite.TagBytes();
        return [.. encrypted[..^tag], .. index, .. encrypted[^tag..]];
    }
}
