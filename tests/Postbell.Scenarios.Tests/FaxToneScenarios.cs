using Postbell.Core;
using Postbell.Media;

namespace Postbell.Scenarios.Tests;

public sealed class FaxToneScenarios
{
    [Fact]
    public async Task A_calling_fax_machine_is_noted_in_the_trace_of_its_call()
    {
        await using var server = await ScenarioServer.StartAsync();
        var machine = await server.PhoneAsync();
        await machine.DialAsync("1001");
        await machine.PlayAsync(Calling());
        await server.UntilAsync(() => server.Traces.Notes.Contains("fax tone heard: CNG"), "the note");
        server.Traces.Notes.Count(static note => note.StartsWith("fax tone", StringComparison.Ordinal)).ShouldBe(1);
    }

    /// <summary>T.30: 1100 Hz for half a second, three seconds of quiet.</summary>
    private static AudioClip Calling()
    {
        var samples = new short[8000 * 4];
        for (var i = 0; i < 4000; i++)
        {
            samples[1600 + i] = (short)(6000 * Math.Sin(2 * Math.PI * 1100 * i / 8000));
        }

        return AudioClip.FromPcm(new PcmAudio(samples, 8000));
    }
}
