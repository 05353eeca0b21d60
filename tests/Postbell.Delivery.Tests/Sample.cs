using Postbell.Core;
using Postbell.Mailbox;
using Postbell.Media;
using Postbell.Media.Codecs;

namespace Postbell.Delivery.Tests;

/// <summary>Envelopes and audio that tests share.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Received = new(2026, 3, 1, 9, 0, 5, TimeSpan.Zero);

    public static readonly TraceId Id = new(Guid.ParseExact("019ca8a1b2c37d4e8f901a2b3c4d5e6f", "N"));

    public static MessageEnvelope Envelope(TraceId? id = null) => new()
    {
        Id = id ?? Id,
        Kind = MessageKind.Voice,
        AccountId = 1,
        RecipientName = "Ada Smith",
        RecipientAddress = "ada@example.test",
        CallerNumber = "+15550100",
        CallerName = "Jane Doe",
        CalledNumber = "1001",
        ReceivedAt = Received,
        CallId = "a84b4c76e66710@pbx.example.test",
        GatewayName = "pbx",
    };

    /// <summary>A sound loud enough to count as speech and wavering as no machine does, in bursts of 400 ms with pauses of 100 ms, as words come.</summary>
    public static byte[] Speech(TimeSpan duration, G711Law law = G711Law.Mu)
    {
        var samples = new short[(int)(duration.TotalSeconds * 8000)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(i % 4000 < 3200 ? 8000 * Math.Sin((2 * Math.PI * 440 * i / 8000) + (4 * Math.Sin(2 * Math.PI * 3 * i / 8000))) : 0);
        }

        var codes = new byte[samples.Length];
        G711.Encode(samples, codes, law);
        return codes;
    }

    public static void Speak(IRecordingSink sink, ReadOnlySpan<byte> audio, G711Law law = G711Law.Mu)
    {
        for (; !audio.IsEmpty; audio = audio[Math.Min(160, audio.Length)..])
        {
            sink.Append(audio[..Math.Min(160, audio.Length)], law);
        }
    }
}
