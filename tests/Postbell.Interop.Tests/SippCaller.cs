using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>What the tests with sipp have in common: they call 1001, wait for the greeting to end, and look at what came into the mailbox.</summary>
internal sealed class SippCaller(SharedServer shared)
{
    public const string Called = "1001";

    public async Task<SippRun> RunAsync(string scenario, string number, bool tcp = false, TimeSpan? wait = null) =>
        await Sipp.CallAsync(scenario, (await shared.ReadyAsync()).Sip, number, RunningCalls.AnyCaller(), wait, tcp);

    public async Task<SippRun> LeaveAsync(string scenario, bool tcp = false) =>
        await RunAsync(scenario, Called, tcp, await Greeting.WaitAsync(shared, Called));

    public async Task<VoiceMail> ShouldHaveTheSpeechAsync(SippRun run)
    {
        await using var mailbox = await shared.OpenMailboxAsync(Called);
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        mail.IsVoice.ShouldBeTrue();
        Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
        return mail;
    }
}
