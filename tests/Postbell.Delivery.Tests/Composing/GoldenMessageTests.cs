using System.Runtime.CompilerServices;
using Postbell.Delivery.Audio;
using Postbell.Delivery.Composing;
using Postbell.Mailbox;

namespace Postbell.Delivery.Tests.Composing;

/// <summary>Whole messages, byte for byte. POSTBELL_WRITE_GOLDEN=1 writes the files anew; a person then reviews the difference.</summary>
public sealed class GoldenMessageTests
{
    private static readonly MailIdentity s_identity = new() { HostName = "voicemail.example.test", SystemAddress = "postbell@voicemail.example.test" };

    public static TheoryData<string> Names => [.. Messages.Keys];

    private static Dictionary<string, MessageEnvelope> Messages { get; } = new(StringComparer.Ordinal)
    {
        ["voice"] = Sample.Envelope(),
        ["voice-known-colleague"] = Sample.Envelope() with { CallerAddress = "jane@example.test", CallerNumber = "1002", TimeZone = "Europe/Berlin" },
        ["voice-number-only"] = Sample.Envelope() with { CallerName = null },
        ["voice-anonymous"] = Sample.Envelope() with { CallerName = null, CallerNumber = null },
        ["voice-urgent-private"] = Sample.Envelope() with { HighImportance = true, Private = true },
        ["voice-interrupted"] = Sample.Envelope() with { Interrupted = true },
        ["voice-wav"] = Sample.Envelope() with { Format = AttachmentFormat.Wav },
        ["voice-unicode"] = Sample.Envelope() with
        {
            CallerName = "Jürgen Łęcki 李", RecipientName = "Zoë Ångström", TimeZone = "Asia/Kolkata",
            PolicyText = "Nur für den internen Gebrauch – Grüße\nDie Verwaltung",
        },
        ["voice-hostile"] = Sample.Envelope() with
        {
            CallerName = "Eve\r\nBcc: all@example.test\r\n\r\n<script>alert(1)</script>\u202Egpj.exe\u2066\"; x=../../etc/passwd\0",
            CallerNumber = "+1555\r\nX-Evil: 1<b>",
        },
        ["missed-call"] = Sample.Envelope() with { Kind = MessageKind.MissedCall, TimeZone = "America/New_York" },
        ["missed-call-anonymous-interrupted"] = Sample.Envelope() with
        {
            Kind = MessageKind.MissedCall, CallerName = null, CallerNumber = null, Interrupted = true,
        },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_has_exactly_the_bytes_that_were_reviewed(string name)
    {
        var envelope = Messages[name];
        var message = VoiceMessageComposer.Compose(envelope, AudioFor(envelope), s_identity);
        var file = Path.Combine(Folder(), name + ".eml");
        if (Environment.GetEnvironmentVariable("POSTBELL_WRITE_GOLDEN") == "1")
        {
            File.WriteAllBytes(file, message);
        }

        message.ShouldBe(File.ReadAllBytes(file));
    }

    [Fact]
    public void No_reviewed_message_is_left_over() =>
        System.IO.Directory.GetFiles(Folder(), "*.eml").Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(Messages.Keys.Order());

    private static AudioAttachment? AudioFor(MessageEnvelope envelope) => envelope switch
    {
        { Kind: MessageKind.MissedCall } => null,
        { Format: AttachmentFormat.Wav } => new AudioAttachment(Bytes(100), "audio/wav", ".wav", TimeSpan.FromSeconds(65.4)),
        _ => new AudioAttachment(Bytes(150), "audio/mp3", ".mp3", TimeSpan.FromSeconds(32)),
    };

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
