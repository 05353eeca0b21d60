using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A real softphone that calls in G.722 and in Opus.</summary>
public sealed class BaresipWidebandTests(SharedServer shared)
{
    private readonly BaresipCaller _baresip = new(shared);

    [Theory]
    [InlineData("G722/16000/1", "baresip-g722", 0.9)]
    [InlineData("opus/48000/2", "baresip-opus", 0.8)]
    public Task Baresip_leaves_a_wideband_message(string codec, string user, double alike) =>
        _baresip.LeaveAsync(new BaresipSetup(user) { Codecs = codec, Rate = 16000 }, sentence: 0, alike: alike);
}
