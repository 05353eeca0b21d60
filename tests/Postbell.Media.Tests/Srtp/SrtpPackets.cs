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
}
