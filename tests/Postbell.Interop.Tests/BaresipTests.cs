using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A call of a real softphone with a WAV file as its microphone, in each narrow codec.</summary>
public sealed class BaresipTests(SharedServer shared)
{
    private readonly BaresipCaller _baresip = new(shared);

    [Theory]
    [InlineData("PCMU/8000/1", "baresip-ulaw")]
    [InlineData("PCMA/8000/1", "baresip-alaw")]
    public Task Baresip_and_Postbell_hear_each_other_as_it_was_spoken(string codec, string user) =>
        _baresip.LeaveAsync(new BaresipSetup(user) { Codecs = codec }, sentence: 2);
}
