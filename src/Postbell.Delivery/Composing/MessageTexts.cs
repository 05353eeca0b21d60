using System.Globalization;
using Postbell.Core;
using Postbell.Mailbox;

namespace Postbell.Delivery.Composing;

/// <summary>The words of a message, in English.</summary>
internal static class MessageTexts
{
    public const string InterruptedVoice =
        "This recording was interrupted by a failure of the server. What was recorded until then is attached.";

    public const string InterruptedNote =
        "A failure of the server ended this call before the caller had said anything that could be kept.";

    private const int WordsInSubject = 60;

    public const string Urgent = "The caller marked this message as urgent.";

    public const string Private = "The caller marked this message as private. Please do not pass it on.";

    public static string Subject(MessageEnvelope envelope, CallerText caller, TimeSpan duration) => envelope switch
    {
        { Kind: MessageKind.MissedCall } => $"Missed call from {caller.Label}",
        { Kind: MessageKind.Text } => TextSubject(envelope, caller),
        { Interrupted: true } => $"Voice Mail from {caller.Label} ({Duration(duration)}, interrupted)",
        _ => $"Voice Mail from {caller.Label} ({Duration(duration)})",
    };

    public static string Heading(MessageEnvelope envelope, CallerText caller) =>
        envelope.Kind switch
        {
            MessageKind.MissedCall => "Missed call from ",
            MessageKind.Text => "Text message from ",
            _ => "Voice message from ",
        } + caller.Full;

    /// <summary>For instance "1 minute 5 seconds".</summary>
    public static string Duration(TimeSpan duration)
    {
        var seconds = WholeSeconds(duration);
        List<string> parts = [];
        Add(parts, seconds / 3600, "hour");
        Add(parts, seconds / 60 % 60, "minute");
        Add(parts, seconds % 60, "second");
        return string.Join(' ', parts);
    }

    /// <summary>Rounded to the nearest second, at least one: a message of no length does not exist.</summary>
    public static int WholeSeconds(TimeSpan duration) => Math.Max(1, (int)Math.Round(duration.TotalSeconds, MidpointRounding.AwayFromZero));

    /// <summary>For instance "Sunday, 1 March 2026, 10:00:05 (Europe/Berlin, UTC+01:00)".</summary>
    public static string Time(DateTimeOffset local, string zone)
    {
        var offset = zone is "UTC" or "Etc/UTC"
            ? "UTC"
            : string.Create(CultureInfo.InvariantCulture, $"{zone}, UTC{(local.Offset < TimeSpan.Zero ? '-' : '+')}{local.Offset:hh\\:mm}");
        return string.Create(CultureInfo.InvariantCulture, $"{local:dddd, d MMMM yyyy, HH:mm:ss} ({offset})");
    }

    public static string? Called(MessageEnvelope envelope)
    {
        var number = DisplayText.Clean(envelope.CalledNumber, 40);
        return number.Length == 0 ? null : number;
    }

    /// <summary>With the first words, so that a list of messages says what they are about.</summary>
    private static string TextSubject(MessageEnvelope envelope, CallerText caller)
    {
        var words = DisplayText.Clean(envelope.Text, WordsInSubject + 1);
        var shown = words.Length > WordsInSubject ? words[..(char.IsHighSurrogate(words[WordsInSubject - 1]) ? WordsInSubject - 1 : WordsInSubject)] + "…" : words;
        return words.Length == 0 ? $"Text message from {caller.Label}" : $"Text message from {caller.Label}: {shown}";
    }

    private static void Add(List<string> parts, int count, string unit)
    {
        if (count > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}"));
        }
    }
}
