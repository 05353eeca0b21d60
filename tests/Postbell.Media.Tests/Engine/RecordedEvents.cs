namespace Postbell.Media.Tests.Engine;

internal sealed class RecordedEvents : IMediaSessionEvents
{
    public List<(char Digit, int DurationMs)> Digits { get; } = [];

    public int Timeouts { get; private set; }

    public void OnDigit(char digit, int durationMs) => Digits.Add((digit, durationMs));

    public List<FaxTone> FaxTones { get; } = [];

    public void OnFaxTone(FaxTone tone) => FaxTones.Add(tone);

    public void OnRtpTimeout() => Timeouts++;
}
