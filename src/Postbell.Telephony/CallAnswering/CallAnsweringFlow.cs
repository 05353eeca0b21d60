using System.Globalization;
using Microsoft.Extensions.Logging;
using Postbell.Delivery;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Recording;
using Postbell.Media.Shaping;
using Postbell.Speech;
using Postbell.Telephony.Calls;

namespace Postbell.Telephony.CallAnswering;

/// <summary>
/// The conversation with a caller whose call nobody took: greeting, beep, recording, menu (reference 3.1 to 3.4, B.1). One instance per call; runs
/// on the call's executor.
/// </summary>
/// <remarks>
/// Invariants: the recording is in the spool from its first frame; <see cref="ConcludeAsync"/> settles it exactly once, however the conversation ends;
/// nobody hears "sent" before <see cref="SpoolEntry.SubmitAsync"/> has returned.
/// </remarks>
internal sealed class CallAnsweringFlow
{
    private const int MostKeysWithin = 100;

    private static readonly TimeSpan InputTimeout = TimeSpan.FromSeconds(5);

    private readonly InboundCall _call;
    private readonly CallAnnouncements _announcements;
    private readonly Spool _spool;
    private readonly Action<string, string> _step;
    private readonly Func<Task<bool>> _isFull;
    private readonly ILogger _log;
    private SpoolEntry? _entry;
    private TimeSpan _recorded;
    private TimeSpan _speech;
    private bool _urgent;
    private bool _private;
    private bool _settled;
    private int _inputFailures;
    private readonly List<PressedKey> _keysWithin = [];
    private char? _endKey;
    private RecordEnd _ended;

    /// <summary>
    /// The conversation of one call; <paramref name="step"/> writes a step (<see cref="LedgerStage"/>) and its detail into the call's ledger,
    /// <paramref name="isFull"/> tells whether the mailbox takes no more.
    /// </summary>
    public CallAnsweringFlow(
        InboundCall call, CallAnnouncements announcements, Spool spool, Action<string, string> step, Func<Task<bool>> isFull, ILogger log)
    {
        _isFull = isFull;
        _step = step;
        _call = call;
        _announcements = announcements;
        _spool = spool;
        _log = log;
    }

    /// <summary>What became of the call.</summary>
    public CallResult Result { get; private set; } = CallResult.NoMessage;

    /// <summary>Talks to the caller until one of both hangs up, then settles the message.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await _isFull())
            {
                // Before anything is said: nobody shall speak into a mailbox that takes nothing (reference 3.12).
                _step(LedgerStage.MailboxFull, "");
                await SayAsync(PromptId.MailboxFull);
            }
            else
            {
                // A calling fax machine sounds while it hears the greeting.
                _call.ListenForFaxTones(true);
                await _call.PlayAsync(await _announcements.GreetingAsync(_call.Route), DigitSet.Any);
                _call.ListenForFaxTones(false);
                _call.ClearDigits();
                await TakeMessageAsync();
            }

            await SayAsync(PromptId.Goodbye);
            _call.HangUp();
        }
        catch (OperationCanceledException) when (_call.Hangup.IsCancellationRequested)
        {
            // Hang-up is the usual end of this conversation.
        }
        finally
        {
            await ConcludeAsync();
        }
    }

    private async Task TakeMessageAsync()
    {
        if (!await BeginAsync() || !await RecordAsync())
        {
            return;
        }

        while (true)
        {
            switch (await AskAsync(ReviewMenu.Recording))
            {
                case ReviewAction.Accept when await OptionsAsync():
                case ReviewAction.NoInput:
                    await SendAsync();
                    return;
                case ReviewAction.Replay:
                    await ReplayAsync();
                    break;
                case ReviewAction.RecordAgain when !await RecordAnewAsync(PromptId.RecordAgain):
                case ReviewAction.Cancel when !await RecordAnewAsync(PromptId.MessageCancelled):
                case ReviewAction.Continue when !await ContinueAsync():
                    return;
            }
        }
    }

    /// <summary>The message options.</summary>
    /// <returns>True to send, false to go back.</returns>
    private async Task<bool> OptionsAsync()
    {
        while (true)
        {
            switch (await AskAsync(ReviewMenu.Options(_urgent, _private, _call.Route.Policy.OffersPrivate)))
            {
                case ReviewAction.Send or ReviewAction.NoInput:
                    return true;
                case ReviewAction.ToggleUrgent:
                    _urgent = !_urgent;
                    await SayAsync(_urgent ? PromptId.MarkedUrgent : PromptId.UrgentCleared);
                    break;
                case ReviewAction.TogglePrivate:
                    _private = !_private;
                    await SayAsync(_private ? PromptId.MarkedPrivate : PromptId.PrivateCleared);
                    break;
                case ReviewAction.Back:
                    return false;
            }
        }
    }

    /// <summary>Opens the spool before the beep: nobody shall speak into a recording that cannot be kept.</summary>
    /// <returns>False when the spool refused; the caller has been told.</returns>
    private async Task<bool> BeginAsync()
    {
        try
        {
            _entry = _spool.Begin(MessageDraft.Of(_call, MessageKind.Voice));
        }
        catch (JournalRefusedException refused)
        {
            Log.RecordingRefused(_log, _call.Id, refused);
            await SayAsync(PromptId.RecordingFailed);
            return false;
        }

        _step(LedgerStage.Recording, "");
        return true;
    }

    /// <summary>Beep and recording, again as often as the caller stays silent.</summary>
    /// <returns>True when there is something to review; false when the caller never spoke.</returns>
    private async Task<bool> RecordAsync()
    {
        for (var silences = 0; silences < _call.Route.DialPlan.InputFailuresBeforeDisconnect; silences++)
        {
            await _call.PlayAsync(Tone.Beep, DigitSet.None);
            NoteKeyWithin();
            var result = await _call.RecordAsync(_entry!.Sink, Limits());
            _recorded += result.Duration;
            _speech += result.SpeechDuration;
            _ended = result.End;
            _endKey = result.Digit;
            _call.Hangup.ThrowIfCancellationRequested();
            if (HasSpeech)
            {
                if (result.End == RecordEnd.MaxDuration)
                {
                    await SayAsync(PromptId.MaximumLengthReached);
                }

                return true;
            }

            // Nothing is erased: a short word spoken now and then may still add up to a message.
            await SayAsync(PromptId.TooShort, PromptId.StillThere);
        }

        return false;
    }

    private async Task<bool> RecordAnewAsync(PromptId said)
    {
        await EraseAsync();
        _urgent = false;
        _private = false;
        await SayAsync(said, PromptId.RecordAfterTone);
        return await RecordAsync();
    }

    private async Task<bool> ContinueAsync()
    {
        if (_recorded >= _call.Route.DialPlan.MaxRecordingDuration)
        {
            await SayAsync(PromptId.MaximumLengthReached);
            return true;
        }

        await SayAsync(PromptId.ContinueRecording);
        return await RecordAsync();
    }

    private async Task EraseAsync()
    {
        await _entry!.RestartAsync();
        _recorded = TimeSpan.Zero;
        _speech = TimeSpan.Zero;
        _endKey = null;
        _keysWithin.Clear();
    }

    /// <summary>The recording goes on behind a key: whoever shapes it will look for its sound there.</summary>
    private void NoteKeyWithin()
    {
        if (_endKey is { } key && _keysWithin.Count < MostKeysWithin)
        {
            _keysWithin.Add(new PressedKey(_recorded, key));
        }
    }

    private async Task ReplayAsync()
    {
        var audio = await _entry!.ReadAsync();
        var clips = audio.Runs.Select(AudioClip.FromRun);
        await _call.PlayAsync(new PlayList([await _announcements.GetAsync(_call.Route, PromptId.PlayingBack), .. clips]), DigitSet.Any);
        _call.ClearDigits();
    }

    private async Task SendAsync()
    {
        await SettleAsync();
        await SayAsync(Result == CallResult.Message ? PromptId.MessageSent : PromptId.RecordingFailed);
    }

    /// <summary>
    /// Says a menu and waits for a key. Too many wrong keys in a row count as no input, and so does silence after the menu was repeated as often: then the
    /// message goes out as it is, as if the caller had hung up.
    /// </summary>
    private async Task<ReviewAction> AskAsync(IReadOnlyList<ReviewMenu.Choice> menu)
    {
        while (true)
        {
            var played = await _call.PlayAsync(await _announcements.GetAsync(_call.Route, [.. menu.Select(c => c.Prompt)]), DigitSet.Any);
            var key = played.Digit ?? await _call.CollectDigitAsync(InputTimeout);
            var action = ReviewMenu.ActionOf(menu, key);
            if (action is not (ReviewAction.NoInput or ReviewAction.Invalid or ReviewAction.Repeat))
            {
                _inputFailures = 0;
                return action;
            }

            if (action != ReviewAction.Repeat && ++_inputFailures >= _call.Route.DialPlan.InputFailuresBeforeDisconnect)
            {
                return ReviewAction.NoInput;
            }

            if (action == ReviewAction.Invalid)
            {
                await SayAsync(PromptId.PleaseTryAgain);
            }
        }
    }

    private async Task SayAsync(params PromptId[] prompts) =>
        await _call.PlayAsync(await _announcements.GetAsync(_call.Route, prompts), DigitSet.None);

    private string HowItEnded => _ended switch
    {
        RecordEnd.Digit => "ended by a key",
        RecordEnd.Silence => "ended by silence",
        RecordEnd.MaxDuration => "ended at the limit",
        _ => "ended with the call",
    };

    private bool HasSpeech => _speech >= MessageEnvelope.MinimumSpeech;

    private RecordLimits Limits() => new()
    {
        StopDigits = DigitSet.Of("#"),
        MaxDuration = _call.Route.DialPlan.MaxRecordingDuration - _recorded,
        SilenceTimeout = _call.Route.DialPlan.RecordingIdleTimeout,
    };

    /// <summary>The end of every call: what was said is submitted, otherwise a note that somebody called.</summary>
    private async Task ConcludeAsync()
    {
        if (_settled)
        {
            return;
        }

        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        _settled = true;
        try
        {
            if (_entry is not null && HasSpeech)
            {
                _step(LedgerStage.Recorded, string.Create(CultureInfo.InvariantCulture, $"{_recorded.TotalSeconds:0.0} s, {HowItEnded}"));
                await _entry.SubmitAsync(MessageDraft.Of(_call, MessageKind.Voice) with { HighImportance = _urgent, Private = _private, EndedByKey = _endKey, KeysWithin = _keysWithin.Count == 0 ? null : [.. _keysWithin] }, CancellationToken.None);
                Result = CallResult.Message;
            }
            else if (_call.Route.Policy.AllowMissedCallNotifications)
            {
                await SubmitNoteAsync(MessageDraft.Of(_call, MessageKind.MissedCall));
                Result = CallResult.MissedCall;
            }
            else
            {
                _entry?.Discard();
            }
        }
        catch (Exception fault)
        {
            // The caller is told by what is said next; the recording stays in the journal and is found at the next start.
            Result = CallResult.Failed;
            Log.NotSubmitted(_log, _call.Id, fault);
        }
    }

    private Task SubmitNoteAsync(MessageEnvelope note) =>
        _entry is null ? _spool.SubmitNoteAsync(note, CancellationToken.None) : _entry.SubmitAsync(note, CancellationToken.None);
}
