using System.Text;
using Postbell.Core;
using Postbell.Delivery.Audio;
using Postbell.Delivery.Composing;
using Postbell.Mailbox;
using Postbell.Mime;

namespace Postbell.Delivery.Tests.Composing;

public sealed class VoiceMessageComposerTests
{
    private static readonly AudioAttachment s_audio = new(new byte[] { 1, 2, 3 }, "audio/mp3", ".mp3", TimeSpan.FromSeconds(5));

    public static TheoryData<string> HostileNames =>
    [
        "Eve\r\nBcc: victim@example.test",
        "Eve\nX-Injected: 1\n\nbody",
        "Eve\r\n\r\n--boundary",
        "\"; filename=\"evil.exe",
        "=?utf-8?Q?=0D=0ABcc:_x?=",
        "<script>alert('x')</script>",
        "\" onmouseover=\"alert(1)",
        "</td></table><img src=x onerror=alert(1)>",
        "&lt;b&gt;",
        "../../../etc/passwd",
        "C:\\Windows\\system32\\cmd.exe",
        "CON",
        "a;b;c",
        "\u202Etxt.exe\u202C \u2066x\u2069 \u200Fy",
        "\0\a\b\u001b[31mred\u007f",
        "\uD800lone\uDC00 surrogates\uDBFF",
        "\uFEFF\u200B\u2028line\u2029para\u0085next",
        "...hidden",
        "   ",
        new string('x', 4096),
        string.Concat(Enumerable.Repeat("Ж😀 ", 1000)),
        string.Concat(Enumerable.Repeat("name ", 1000)),
    ];

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_caller_name_adds_no_header_no_markup_and_no_path(string name)
    {
        foreach (var envelope in new[]
        {
            Sample.Envelope() with { CallerName = name },
            Sample.Envelope() with { CallerName = null, CallerNumber = name },
            Sample.Envelope() with { CallerName = name, CallerNumber = name, CallerAddress = name, RecipientName = name, CallId = name, Language = name, PolicyText = name },
        })
        {
            var message = VoiceMessageComposer.Compose(envelope, s_audio, new MailIdentity());
            CheckBytes(message);
            CheckHeader(message);
            CheckHtml(message);
            CheckFileName(message);
        }
    }

    [Fact]
    public void The_same_call_gives_the_same_bytes_and_a_message_id_of_its_own()
    {
        var identity = new MailIdentity { HostName = "vm.example.test" };
        var first = VoiceMessageComposer.Compose(Sample.Envelope(), s_audio, identity);
        VoiceMessageComposer.Compose(Sample.Envelope(), s_audio, identity).ShouldBe(first);
        Header(first, "Message-ID").ShouldBe($"<{Sample.Id}@vm.example.test>");
    }

    [Fact]
    public void A_voice_message_has_the_headers_that_clients_know_it_by()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope(), s_audio, new MailIdentity());
        Header(message, "From").ShouldBe("Jane Doe <postbell@localhost>");
        Header(message, "To").ShouldBe("Ada Smith <ada@example.test>");
        Header(message, "Subject").ShouldBe("Voice Mail from Jane Doe (5 seconds)");
        Header(message, "Date").ShouldBe("Sun, 01 Mar 2026 09:00:05 +0000");
        Header(message, "MIME-Version").ShouldBe("1.0");
        Header(message, "X-CallingTelephoneNumber").ShouldBe("+15550100");
        Header(message, "X-VoiceMessageDuration").ShouldBe("5");
        Header(message, "Content-Duration").ShouldBe("5");
        Header(message, "X-VoiceMessageSenderName").ShouldBe("Jane Doe");
        Header(message, "X-AttachmentOrder").ShouldBe("Jane Doe (5 seconds) Voice Mail.mp3");
        Header(message, "X-CallID").ShouldBe("a84b4c76e66710@pbx.example.test");
        Header(message, "Content-Class").ShouldBe("Voice-CA");
        Header(message, "Message-Context").ShouldBe("voice-message");
        Header(message, "Importance").ShouldBeNull();
        Header(message, "Sensitivity").ShouldBeNull();
        Header(message, "X-Postbell-Interrupted").ShouldBeNull();
    }

    [Fact]
    public void The_marks_of_the_caller_become_importance_and_sensitivity()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { HighImportance = true, Private = true }, s_audio, new MailIdentity());
        Header(message, "Importance").ShouldBe("high");
        Header(message, "X-Priority").ShouldBe("1");
        Header(message, "Sensitivity").ShouldBe("private");
    }

    [Fact]
    public void An_interrupted_recording_says_so_in_subject_body_and_header()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { Interrupted = true }, s_audio, new MailIdentity());
        Header(message, "Subject").ShouldBe("Voice Mail from Jane Doe (5 seconds, interrupted)");
        Header(message, "X-Postbell-Interrupted").ShouldBe("yes");
        Part(message, "text/plain").ShouldContain("interrupted by a failure");
        Part(message, "text/html").ShouldContain("interrupted by a failure");
    }

    [Fact]
    public void A_missed_call_has_no_attachment_and_no_voice_headers()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { Kind = MessageKind.MissedCall }, null, new MailIdentity());
        Header(message, "Subject").ShouldBe("Missed call from Jane Doe");
        Header(message, "Content-Class").ShouldBe("missedcall");
        Header(message, "Message-Context").ShouldBeNull();
        Header(message, "X-VoiceMessageDuration").ShouldBeNull();
        Header(message, "X-AttachmentOrder").ShouldBeNull();
        MimeParser.Parse(message).MediaType().ShouldBe("multipart/alternative");
    }

    [Fact]
    public void A_text_message_says_first_what_was_written_and_has_no_attachment()
    {
        var message = VoiceMessageComposer.Compose(TextOf("\r\n  Meet at 5?\n\n\tYours, <J&J>\r\n\r\n"), null, new MailIdentity());
        Header(message, "Subject").ShouldBe("Text message from Jane Doe: Meet at 5? Yours, <J&J>");
        Header(message, "Message-Context").ShouldBe("pager-message");
        Header(message, "Content-Class").ShouldBeNull();
        Header(message, "X-CallingTelephoneNumber").ShouldBe("+15550100");
        Part(message, "text/plain").ShouldStartWith("  Meet at 5?\r\n\r\n Yours, <J&J>\r\n\r\n-- \r\nText message from Jane Doe (+15550100)\r\n");
        Part(message, "text/html").ShouldContain("  Meet at 5?<br>\r\n<br>\r\n Yours, &lt;J&amp;J&gt;</p>");
        MimeParser.Parse(message).MediaType().ShouldBe("multipart/alternative");
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_text_message_adds_no_header_and_no_markup(string text)
    {
        var message = VoiceMessageComposer.Compose(TextOf(text), null, new MailIdentity());
        CheckBytes(message);
        CheckHeader(message);
        CheckHtml(message);
    }

    [Fact]
    public void Letters_and_pictures_that_are_joined_stay_joined_and_directions_are_not_turned()
    {
        var text = Part(VoiceMessageComposer.Compose(TextOf("\u0645\u06CC\u200C\u062E \uD83D\uDC69\u200D\uD83D\uDCBB \u202Ex\u0007"), null, new MailIdentity()), "text/plain");
        text.ShouldStartWith("\u0645\u06CC\u200C\u062E \uD83D\uDC69\u200D\uD83D\uDCBB x\r\n");
    }

    [Fact]
    public void The_subject_of_a_long_text_message_is_cut_between_characters()
    {
        var subject = Header(VoiceMessageComposer.Compose(TextOf(new string('x', 59) + "\uD83D\uDE00\uD83D\uDE00"), null, new MailIdentity()), "Subject");
        Mime.Decoding.EncodedWords.Decode(subject!).ShouldBe("Text message from Jane Doe: " + new string('x', 59) + "…");
    }

    [Fact]
    public void An_anonymous_caller_is_called_so_and_has_no_number_header()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { CallerName = " ", CallerNumber = null }, s_audio, new MailIdentity());
        Header(message, "From").ShouldBe("Anonymous caller <postbell@localhost>");
        Header(message, "Subject").ShouldBe("Voice Mail from anonymous caller (5 seconds)");
        Header(message, "X-CallingTelephoneNumber").ShouldBeNull();
        Header(message, "X-VoiceMessageSenderName").ShouldBeNull();
        Header(message, "X-AttachmentOrder").ShouldBe("Anonymous caller (5 seconds) Voice Mail.mp3");
    }

    [Fact]
    public void Replies_to_a_known_colleague_go_to_the_colleague()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { CallerAddress = "jane@example.test" }, s_audio, new MailIdentity());
        Header(message, "From").ShouldBe("Jane Doe <jane@example.test>");
        Header(message, "Sender").ShouldBe("postbell@localhost");
    }

    [Theory]
    [InlineData("2026-03-01T09:00:05Z", "Etc/UTC", "Sunday, 1 March 2026, 09:00:05 (UTC)", "+0000")]
    [InlineData("2026-03-01T09:00:05Z", "Europe/Berlin", "Sunday, 1 March 2026, 10:00:05 (Europe/Berlin, UTC+01:00)", "+0100")]
    [InlineData("2026-07-01T22:30:00Z", "Europe/Berlin", "Thursday, 2 July 2026, 00:30:00 (Europe/Berlin, UTC+02:00)", "+0200")]
    [InlineData("2026-03-01T03:00:00Z", "America/New_York", "Saturday, 28 February 2026, 22:00:00 (America/New_York, UTC-05:00)", "-0500")]
    [InlineData("2026-03-01T09:00:05Z", "Asia/Kathmandu", "Sunday, 1 March 2026, 14:45:05 (Asia/Kathmandu, UTC+05:45)", "+0545")]
    [InlineData("2026-03-01T09:00:05Z", null, "Sunday, 1 March 2026, 09:00:05 (UTC)", "+0000")]
    [InlineData("2026-03-01T10:00:05+01:00", "No/Such_Zone", "Sunday, 1 March 2026, 09:00:05 (UTC)", "+0000")]
    public void Times_are_those_of_the_persons_zone_and_say_which(string at, string? zone, string shown, string offset)
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { ReceivedAt = DateTimeOffset.Parse(at), TimeZone = zone }, s_audio, new MailIdentity());
        Part(message, "text/plain").ShouldContain(shown);
        Header(message, "Date").ShouldEndWith(offset);
    }

    [Fact]
    public void Who_has_no_zone_gets_that_of_the_server()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope(), s_audio, new MailIdentity { TimeZone = "Europe/Berlin" });
        Header(message, "Date").ShouldEndWith("+0100");
        Part(message, "text/plain").ShouldContain("Europe/Berlin");
    }

    [Fact]
    public void The_text_of_the_organization_stands_at_the_end_of_the_body()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { PolicyText = "Internal\nuse <only>" }, s_audio, new MailIdentity());
        Part(message, "text/plain").TrimEnd().ShouldEndWith("Internal\r\nuse <only>");
        Part(message, "text/html").ShouldContain("<p>Internal</p>\r\n<p>use &lt;only&gt;</p>");
    }

    [Theory]
    [InlineData(0.2, "1 second")]
    [InlineData(1.4, "1 second")]
    [InlineData(59.6, "1 minute")]
    [InlineData(61, "1 minute 1 second")]
    [InlineData(125, "2 minutes 5 seconds")]
    [InlineData(3725, "1 hour 2 minutes 5 seconds")]
    public void Durations_are_words(double seconds, string words)
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope(), s_audio with { Duration = TimeSpan.FromSeconds(seconds) }, new MailIdentity());
        Header(message, "Subject").ShouldBe($"Voice Mail from Jane Doe ({words})");
    }

    [Theory]
    [InlineData("")]
    [InlineData("jane")]
    [InlineData("jane@")]
    [InlineData("@example.test")]
    [InlineData("jane@example.test, all@example.test")]
    [InlineData("<jane@example.test>")]
    [InlineData("a@b@c")]
    public void An_address_that_is_none_is_never_the_sender(string address)
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { CallerAddress = address }, s_audio, new MailIdentity());
        Header(message, "From").ShouldBe("Jane Doe <postbell@localhost>");
        Header(message, "Sender").ShouldBeNull();
    }

    [Fact]
    public void A_long_caller_name_is_cut_and_the_extension_kept()
    {
        var message = VoiceMessageComposer.Compose(Sample.Envelope() with { CallerName = new string('x', 4096) }, s_audio, new MailIdentity());
        var name = Header(message, "X-AttachmentOrder")!;
        name.Length.ShouldBeLessThan(130);
        name.ShouldEndWith(" Voice Mail.mp3");
    }

    private static void CheckBytes(byte[] message)
    {
        message.ShouldAllBe(b => b < 0x80);
        var text = Encoding.ASCII.GetString(message);
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\n');
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\r');
        text.ShouldNotContain('\0');
        text.Split("\r\n").ShouldAllBe(line => line.Length <= 998);
    }

    private static void CheckHeader(byte[] message)
    {
        string[] known =
        [
            "Date", "From", "Sender", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language", "Content-Class", "Message-Context",
            "X-CallingTelephoneNumber", "X-VoiceMessageSenderName", "X-VoiceMessageDuration", "Content-Duration", "X-AttachmentOrder", "X-CallID", "MIME-Version", "Content-Type",
        ];
        var lines = HeaderLines(message);
        lines.ShouldAllBe(l => known.Contains(l.Name));
        lines.Select(l => l.Name).ShouldBeUnique();
        var envelope = MimeParser.Parse(message).Envelope!;
        envelope.To.ShouldHaveSingleItem().ShouldSatisfyAllConditions(a => a.Mailbox.ShouldBe("ada"), a => a.Host.ShouldBe("example.test"));
        envelope.From.ShouldHaveSingleItem().ShouldSatisfyAllConditions(a => a.Mailbox.ShouldBe("postbell"), a => a.Host.ShouldBe("localhost"));
    }

    private static void CheckHtml(byte[] message)
    {
        var html = Part(message, "text/html");
        html.ShouldNotContain("<script", Case.Insensitive);
        html.ShouldNotContain("<img", Case.Insensitive);
        html.ShouldNotContain("onmouseover=\"", Case.Insensitive);
        html.ShouldNotContain("<b>");
        html.Split("<table").Length.ShouldBe(2);
        html.EnumerateRunes().ShouldAllBe(r => r.Value >= 0x20 || r.Value == '\r' || r.Value == '\n');
        html.ShouldNotContain('\u202E');
    }

    private static void CheckFileName(byte[] message)
    {
        var file = MimeParser.Parse(message).Descendants().Single(e => e.MediaType() == "audio/mp3").FileName!;
        file.ShouldEndWith("Voice Mail.mp3");
        file.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', ';', '\0', '\r', '\n', '\u202E', '\uFEFF']).ShouldBe(-1);
        file.ShouldNotStartWith(".");
        file.Length.ShouldBeLessThan(130);
    }

    private static List<(string Name, string Value)> HeaderLines(byte[] message)
    {
        var text = Encoding.ASCII.GetString(message);
        var header = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal);
        return [.. header.Split("\r\n").Select(l => (l[..l.IndexOf(':')], l[(l.IndexOf(':') + 2)..]))];
    }

    private static MessageEnvelope TextOf(string text) => Sample.Envelope() with { Kind = MessageKind.Text, Text = text };

    private static string? Header(byte[] message, string name) =>
        HeaderLines(message).Where(l => l.Name == name).Select(l => l.Value).SingleOrDefault();

    private static string Part(byte[] message, string mediaType) =>
        MimeParser.Parse(message).Descendants().Single(e => e.MediaType() == mediaType).DecodedText(message);
}
