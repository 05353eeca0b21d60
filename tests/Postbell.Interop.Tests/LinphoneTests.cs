using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls of Linphone in the clear.</summary>
public sealed class LinphoneTests(SharedServer shared)
{
    private readonly LinphoneCaller _linphone = new(shared);

    [Theory]
    [InlineData("PCMA/8000/1")]
    [InlineData("G722/8000/1")]
    public Task Linphone_leaves_a_message_that_sounds_as_it_was_spoken(string codec) => _linphone.LeaveAsync(codec, "udp", "none", 0.9);
}
