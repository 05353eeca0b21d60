using System.Globalization;

namespace Postbell.Interop.Tests.Mail;

/// <summary>A delivered message as a mail program sees it.</summary>
public sealed record VoiceMail(uint Uid, IReadOnlyList<string> Flags, MimePart Message)
{
    public string Class => Message.Header("Content-Class") ?? "";

    public string Caller => Message.Header("X-CallingTelephoneNumber") ?? "";

    public string CallId => Message.Header("X-CallID") ?? "";

    public int DurationSeconds => int.Parse(Message.Header("X-VoiceMessageDuration") ?? "-1", CultureInfo.InvariantCulture);

    public bool Interrupted => Message.Header("X-Postbell-Interrupted") == "yes";

    public bool HighImportance => string.Equals(Message.Header("Importance"), "high", StringComparison.OrdinalIgnoreCase);

    public bool IsVoice => Message.All.Any(p => p.MediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase));

    public string Text => string.Join('\n', Message.All.Where(p => p.MediaType == "text/plain").Select(p => System.Text.Encoding.UTF8.GetString(p.Content)));
}
