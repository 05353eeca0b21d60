using System.Text;
using Postbell.Core;
using Postbell.Delivery.Envelopes;
using Postbell.Mailbox;
using Postbell.Media.Shaping;

namespace Postbell.Delivery.Tests.Envelopes;

public sealed class EnvelopeCodecTests
{
    [Fact]
    public void An_envelope_comes_back_as_it_was()
    {
        var envelope = Sample.Envelope() with
        {
            HighImportance = true, Private = true, Interrupted = true, Format = AttachmentFormat.Wav, LevelRecording = true, TrimSilence = true, EndedByKey = '#', TimeZone = "Europe/Berlin",
            CallerAddress = "jane@example.test", PolicyText = "Ünïcode\r\n", Kind = MessageKind.MissedCall,
        };
        EnvelopeCodec.TryParse(EnvelopeCodec.Serialize(envelope), envelope.Id, out var read).ShouldBe(EnvelopeFault.None);
        read.ShouldBe(envelope);
    }

    [Fact]
    public void Keys_within_come_back_as_they_were()
    {
        var envelope = Sample.Envelope() with { KeysWithin = [new PressedKey(TimeSpan.FromSeconds(3.25), '#'), new PressedKey(TimeSpan.FromMinutes(2), '1')] };
        EnvelopeCodec.TryParse(EnvelopeCodec.Serialize(envelope), envelope.Id, out var read).ShouldBe(EnvelopeFault.None);
        read!.KeysWithin.ShouldBe(envelope.KeysWithin);
    }

    [Fact]
    public void The_written_form_is_stable()
    {
        Encoding.UTF8.GetString(EnvelopeCodec.Serialize(Sample.Envelope())).ShouldBe(
            """{"version":1,"envelope":{"id":"019ca8a1b2c37d4e8f901a2b3c4d5e6f","kind":"Voice","accountId":1,"recipientName":"Ada Smith","recipientAddress":"ada@example.test","callerNumber":"\u002B15550100","callerName":"Jane Doe","calledNumber":"1001","receivedAt":"2026-03-01T09:00:05+00:00","highImportance":false,"private":false,"interrupted":false,"callId":"a84b4c76e66710@pbx.example.test","format":"Mp3","levelRecording":false,"trimSilence":false,"language":"en-US","gatewayName":"pbx"}}""");
    }

    [Fact]
    public void An_envelope_of_a_version_that_shaped_nothing_is_delivered_as_it_came()
    {
        var old = Encoding.UTF8.GetString(EnvelopeCodec.Serialize(Sample.Envelope())).Replace("\"levelRecording\":false,\"trimSilence\":false,", "", StringComparison.Ordinal);
        EnvelopeCodec.TryParse(Encoding.UTF8.GetBytes(old), Sample.Id, out var read).ShouldBe(EnvelopeFault.None);
        read!.LevelRecording.ShouldBeFalse();
        read.TrimSilence.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", EnvelopeFault.Missing)]
    [InlineData("{", EnvelopeFault.Malformed)]
    [InlineData("null", EnvelopeFault.UnknownVersion)]
    [InlineData("[]", EnvelopeFault.Malformed)]
    [InlineData("""{"version":2,"envelope":{"new":"things"}}""", EnvelopeFault.UnknownVersion)]
    [InlineData("""{"version":1}""", EnvelopeFault.Malformed)]
    [InlineData("""{"version":1,"envelope":{"id":"x"}}""", EnvelopeFault.Malformed)]
    public void What_is_no_envelope_is_named(string text, EnvelopeFault fault) =>
        EnvelopeCodec.TryParse(Encoding.UTF8.GetBytes(text), Sample.Id, out _).ShouldBe(fault);

    [Fact]
    public void An_envelope_of_another_recording_is_refused() =>
        EnvelopeCodec.TryParse(EnvelopeCodec.Serialize(Sample.Envelope()), TraceId.New(TimeProvider.System), out _).ShouldBe(EnvelopeFault.WrongId);

    [Fact]
    public void The_longest_text_message_fits_whatever_it_is_written_in()
    {
        foreach (var sign in new[] { "x", "\u0001", "\u0416", "\uD83D\uDE00" })
        {
            var text = string.Concat(Enumerable.Repeat(sign, MessageEnvelope.LongestText / sign.Length));
            var envelope = Sample.Envelope() with { Kind = MessageKind.Text, Text = text };
            var bytes = EnvelopeCodec.Serialize(envelope);
            bytes.Length.ShouldBeLessThan(Postbell.Media.Recording.RecordingJournal.MaxEnvelopeBytes);
            EnvelopeCodec.TryParse(bytes, envelope.Id, out var read).ShouldBe(EnvelopeFault.None);
            read.ShouldBe(envelope);
        }
    }

    [Fact]
    public void A_text_message_has_a_text_and_others_have_none()
    {
        foreach (var envelope in new[] { Sample.Envelope() with { Kind = MessageKind.Text }, Sample.Envelope() with { Text = "hello" } })
        {
            EnvelopeCodec.TryParse(EnvelopeCodec.Serialize(envelope), envelope.Id, out _).ShouldBe(EnvelopeFault.Malformed);
        }
    }

    [Fact]
    public void Hostile_caller_texts_are_bounded_and_lone_surrogates_do_no_harm()
    {
        var envelope = Sample.Envelope() with { CallerName = new string('\uD800', 3) + "\0\r\n\"" + new string('x', 100_000), CallerNumber = "\uDC00" };
        var bytes = EnvelopeCodec.Serialize(envelope);
        bytes.Length.ShouldBeLessThan(50_000);
        EnvelopeCodec.TryParse(bytes, envelope.Id, out var read).ShouldBe(EnvelopeFault.None);
        read!.CallerName!.ShouldStartWith("\uFFFD\uFFFD\uFFFD\0\r\n\"xxx");
    }
}
