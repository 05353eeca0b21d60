using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A real softphone that encrypts its audio, with the keys in the clear or through TLS.</summary>
public sealed class BaresipSecureTests(SharedServer shared)
{
    private readonly BaresipCaller _baresip = new(shared);

    [Theory]
    [InlineData("srtp-mand", "udp")]
    [InlineData("srtp", "udp")]
    [InlineData("srtp-mand", "tls")]
    public Task Baresip_leaves_a_message_over_SRTP(string encryption, string transport) =>
        _baresip.LeaveAsync(new BaresipSetup($"{encryption}-{transport}") { Encryption = encryption }, sentence: 1, transport);
}
