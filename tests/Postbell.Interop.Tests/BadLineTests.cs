using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Network;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Messages that sipp and baresip speak over a line that loses, repeats and reorders packets.</summary>
public sealed class BadLineTests(SharedServer shared)
{
    private readonly SippCaller _sipp = new(shared);

    [Fact]
    public async Task Reordered_and_doubled_packets_cost_nothing_of_the_message_and_lost_ones_are_concealed()
    {
        await Task.WhenAll(
            SpeakAsync(new LineFaults { Duplicates = 0.1 }, alike: 0.9),
            SpeakAsync(new LineFaults { Reordering = 0.1 }, alike: 0.9),
            SpeakAsync(new LineFaults { Loss = 0.01 }, alike: 0.88),
            SpeakAsync(new LineFaults { Loss = 0.05 }, alike: 0.8),
            SpeakAsync(new LineFaults { Loss = 0.03, Duplicates = 0.1, Reordering = 0.1, Seed = 2 }, alike: 0.85));
    }

    private async Task SpeakAsync(LineFaults faults, double alike)
    {
        await using var line = new Line((await shared.ReadyAsync()).Sip, faults);
        var wait = await Greeting.WaitAsync(shared, SippCaller.Called);
        var run = await Sipp.CallAsync("leave_message", line.Address, SippCaller.Called, RunningCalls.AnyCaller(), wait);
        // The faults of the test itself: a line without them proves nothing.
        ((double)line.Audio.Lost / line.Audio.Carried).ShouldBe(faults.Loss, 0.02);
        line.Audio.Carried.ShouldBeGreaterThan(200);

        await using var mailbox = await shared.OpenMailboxAsync(SippCaller.Called);
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        var found = Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message));
        found.Correlation.ShouldBeGreaterThan(alike, $"{faults}: {found}");
        // The recording keeps time: what did not arrive leaves no shorter message.
        found.LengthError.ShouldBe(0, 0.002, $"{faults}: {found}");
        found.LostFrames.ShouldBeLessThanOrEqualTo(line.Audio.Lost, $"{faults}: {found}");
    }
}
