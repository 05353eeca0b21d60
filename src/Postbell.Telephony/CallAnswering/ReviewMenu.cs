using Postbell.Speech;

namespace Postbell.Telephony.CallAnswering;

/// <summary>The two menus after a recording, as literal tables (reference 3.4): key, what it does, what is said about it.</summary>
internal static class ReviewMenu
{
    /// <summary>One line of a menu.</summary>
    internal readonly record struct Choice(char Key, ReviewAction Action, PromptId Prompt);

    /// <summary>After recording and <c>#</c>.</summary>
    public static readonly Choice[] Recording =
    [
        new('1', ReviewAction.Accept, PromptId.MenuAccept),
        new('2', ReviewAction.Replay, PromptId.MenuReplay),
        new('3', ReviewAction.RecordAgain, PromptId.MenuRecordAgain),
        new('4', ReviewAction.Continue, PromptId.MenuContinue),
        new('*', ReviewAction.Cancel, PromptId.MenuCancel),
        new('0', ReviewAction.Repeat, PromptId.MenuRepeat),
    ];

    /// <summary>After <c>1</c>. The private mark is offered only where the called person's policy knows it.</summary>
    public static IReadOnlyList<Choice> Options(bool urgent, bool isPrivate, bool offersPrivate)
    {
        var choices = new List<Choice>(5)
        {
            new('#', ReviewAction.Send, PromptId.MenuSend),
            new('1', ReviewAction.ToggleUrgent, urgent ? PromptId.MenuClearUrgent : PromptId.MenuMarkUrgent),
        };
        if (offersPrivate)
        {
            choices.Add(new('2', ReviewAction.TogglePrivate, isPrivate ? PromptId.MenuClearPrivate : PromptId.MenuMarkPrivate));
        }

        choices.Add(new('*', ReviewAction.Back, PromptId.MenuBack));
        choices.Add(new('0', ReviewAction.Repeat, PromptId.MenuRepeat));
        return choices;
    }

    /// <summary>What a key means in a menu; null is silence.</summary>
    public static ReviewAction ActionOf(IReadOnlyList<Choice> menu, char? key)
    {
        if (key is null)
        {
            return ReviewAction.NoInput;
        }

        foreach (var choice in menu)
        {
            if (choice.Key == key)
            {
                return choice.Action;
            }
        }

        return ReviewAction.Invalid;
    }
}
