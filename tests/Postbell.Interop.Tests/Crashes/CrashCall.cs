using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;

namespace Postbell.Interop.Tests.Crashes;

/// <summary>What a caller does after the beep.</summary>
public enum CallerHabit
{
    HangsUp,
    SendsByMenu,
    GoesOnSpeaking,
}

/// <summary>A call that may be cut off at any moment, and what the caller knew by then.</summary>
public sealed class CrashCall(TestPhone phone, string number, CallerHabit habit, int sentence, TimeSpan length)
{
    private PhoneCall? _call;

    public string? CallId => _call?.CallId;

    public string Number => number;

    public CallerHabit Habit => habit;

    /// <summary>Speech that had left the phone when the server died.</summary>
    public TimeSpan Spoken { get; private set; }

    /// <summary>BYE was sent and its 200 came.</summary>
    public bool ByeAnswered { get; private set; }

    /// <summary>The server said goodbye after the menu: the caller has heard that the message was sent.</summary>
    public bool HeardSent { get; private set; }

    public override string ToString() =>
        $"{habit}, spoke {Spoken.TotalSeconds:0.0} s{(ByeAnswered ? ", BYE answered" : "")}{(HeardSent ? ", heard sent" : "")} ({CallId})";

    /// <summary>Plays the part until the end of the call or of the server.</summary>
    public async Task RunAsync(CancellationToken died)
    {
        try
        {
            _call = await phone.CallAsync(number).WaitAsync(died);
            // Any key ends the greeting.
            await _call.PressAsync('1').WaitAsync(died);
            await _call.HearBeepAsync().WaitAsync(died);
            var begun = _call.Voice.Spoken;
            try
            {
                await SpeakAndEndAsync(_call, died);
            }
            finally
            {
                // The others press keys after their speech, which are no part of it.
                var spoken = _call.Voice.Spoken - begun;
                Spoken = habit == CallerHabit.GoesOnSpeaking || spoken < length ? spoken : length;
            }
        }
        catch (Exception) when (died.IsCancellationRequested)
        {
            // As expected: the line went dead.
        }
        finally
        {
            _call?.Vanish();
        }
    }

    private async Task SpeakAndEndAsync(PhoneCall call, CancellationToken died)
    {
        await call.SpeakAsync((await Speech.SentenceAsync(sentence)).Slice(TimeSpan.Zero, length)).WaitAsync(died);
        switch (habit)
        {
            case CallerHabit.HangsUp:
                await call.HangUpAsync().WaitAsync(died);
                ByeAnswered = true;
                break;
            case CallerHabit.SendsByMenu:
                foreach (var key in "#1#")
                {
                    await call.PressAsync(key).WaitAsync(died);
                }

                await call.RemoteEnd.WaitAsync(TimeSpan.FromSeconds(20), died);
                HeardSent = true;
                break;
            default:
                while (true)
                {
                    await call.SpeakAsync(await Speech.SentenceAsync(sentence)).WaitAsync(died);
                }
        }
    }
}
