using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Speech;
using Postbell.Telephony.CallRouting;

namespace Postbell.Telephony.CallAnswering;

/// <summary>
/// What is said to callers: people's greetings and the prompts of the dial plan's language, as clips that all calls share. Where a prompt cannot be had
/// in time a tone takes its place, logged and counted: the call goes on.
/// </summary>
public sealed class CallAnnouncements
{
    private readonly PromptStore _prompts;
    private readonly RecordedGreetings _greetings;
    private readonly TelephonyStatistics _statistics;
    private readonly ILogger _log;
    private readonly ConditionalWeakTable<PcmAudio, AudioClip> _clips = new();

    /// <summary>Announcements from rendered prompts and recorded greetings.</summary>
    public CallAnnouncements(PromptStore prompts, RecordedGreetings greetings, TelephonyStatistics statistics, ILogger<CallAnnouncements> log)
    {
        _prompts = prompts;
        _greetings = greetings;
        _statistics = statistics;
        _log = log;
    }

    /// <summary>
    /// The greeting of the called person (reference 3.2): the one he recorded, which is played alone, or a generated one that speaks his name, with the hint
    /// what to do.
    /// </summary>
    public async ValueTask<PlayList> GreetingAsync(CallRoute route)
    {
        if (await _greetings.FindAsync(route.Person.AccountId, GreetingNames.Standard, CancellationToken.None) is { } own)
        {
            return own;
        }

        var named = new PromptArguments(Name: route.Person.DisplayName);
        return new PlayList(
        [
            await GetAsync(route, PromptId.GreetingWithName, named),
            await GetAsync(route, PromptId.RecordAfterTone, PromptArguments.None),
        ]);
    }

    /// <summary>Prompts one after the other.</summary>
    public async ValueTask<PlayList> GetAsync(CallRoute route, params PromptId[] prompts)
    {
        var clips = new AudioClip[prompts.Length];
        for (var i = 0; i < prompts.Length; i++)
        {
            clips[i] = await GetAsync(route, prompts[i]);
        }

        return new PlayList(clips);
    }

    /// <summary>One prompt.</summary>
    public ValueTask<AudioClip> GetAsync(CallRoute route, PromptId prompt) => GetAsync(route, prompt, PromptArguments.None);

    private async ValueTask<AudioClip> GetAsync(CallRoute route, PromptId prompt, PromptArguments arguments)
    {
        var result = await _prompts.GetAsync(prompt, arguments, route.DialPlan.DefaultLanguage, CancellationToken.None);
        if (result.IsReady)
        {
            return _clips.GetValue(result.Audio, AudioClip.FromPcm);
        }

        _statistics.CountPromptFallback();
        Log.PromptMissing(_log, prompt.ToString(), route.DialPlan.DefaultLanguage, result.Failure.ToString());
        return Tone.Confirmation;
    }
}
