using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of Linphone over TLS, with SRTP.</summary>
public sealed class LinphoneSecureTests(SharedServer shared)
{
    private readonly LinphoneCaller _linphone = new(shared);

    // Opus keeps what is heard, not the wave form.
    [Theory]
    [InlineData("PCMU/8000/1", 0.9)]
    [InlineData("opus/48000/2", 0.8)]
    public Task Linphone_leaves_a_message_over_TLS_with_SRTP(string codec, double correlation) => _linphone.LeaveAsync(codec, "tls", "srtp", correlation);
}
