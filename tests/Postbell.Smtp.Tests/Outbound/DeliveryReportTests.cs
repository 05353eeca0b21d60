using System.Text;
using Postbell.Mime;
using Postbell.Smtp.Outbound;

namespace Postbell.Smtp.Tests.Outbound;

public class DeliveryReportTests
{
    private static readonly OutboundRecipient s_anna = new("anna@example.com");

    [Fact]
    public async Task A_refused_recipient_is_reported_to_the_sender_with_the_servers_words()
    {
        await using var room = Refusing("550 5.1.1 No such user here");
        await room.EnqueueAsync(s_anna with { OriginalRecipient = "rfc822;annie@example.com" });
        await room.EmptyAsync();
        var report = room.Reports.Values.ShouldHaveSingleItem();
        report.ShouldContain("Content-Type: multipart/report; report-type=\"delivery-status\";");
        report.ShouldContain("To: me@example.org\r\n");
        report.ShouldContain("Auto-Submitted: auto-replied\r\n");
        report.ShouldContain(
            "Original-Recipient: rfc822;annie@example.com\r\nFinal-Recipient: rfc822; anna@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            + "Remote-MTA: dns; 127.0.0.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user here\r\n");
        report.ShouldContain("Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 7bit\r\n\r\nFrom: me@example.org\r\nSubject: hello\r\n");
        report.ShouldNotContain("body text");
        room.Ledger.Last().Stage.ShouldBe(OutboundStage.Reported);
        var parsed = MimeParser.Parse(Encoding.UTF8.GetBytes(report));
        parsed.Children.Select(static c => $"{c.Type}/{c.Subtype}".ToLowerInvariant()).ShouldBe(["text/plain", "message/delivery-status", "text/rfc822-headers"]);
    }

    [Fact]
    public async Task The_whole_message_comes_back_when_the_sender_wants_it()
    {
        await using var room = Refusing("550 5.1.1 No");
        await room.Queue.EnqueueAsync(
            new OutboundEnvelope { Sender = "me@example.org", Recipients = [s_anna], Return = DsnReturn.Full, EnvelopeId = "my id" }, OutboundRoom.Message, TestContext.Current.CancellationToken);
        await room.EmptyAsync();
        var report = room.Reports.Values.ShouldHaveSingleItem();
        report.ShouldContain("Content-Type: message/rfc822\r\n");
        report.ShouldContain("body text");
        report.ShouldContain("Original-Envelope-Id: my+20id\r\n");
    }

    [Fact]
    public async Task Nobody_is_told_who_did_not_want_to_know_and_the_null_sender_never()
    {
        await using var room = Refusing("550 5.1.1 No");
        await room.EnqueueAsync(s_anna with { Notify = DsnNotify.Never });
        await room.EnqueueAsync(s_anna with { Notify = DsnNotify.Success });
        await room.EnqueueAsync("", s_anna);
        await room.EmptyAsync();
        room.Reports.ShouldBeEmpty();
        room.Queue.Statistics.Reports.ShouldBe(0);
        room.Queue.Statistics.Failed.ShouldBe(3);
    }

    [Fact]
    public async Task A_report_to_a_sender_elsewhere_goes_out_with_the_null_path_and_dies_quietly()
    {
        await using var room = Refusing("550 5.1.1 No");
        await room.EnqueueAsync("stranger@example.net", s_anna);
        await room.EmptyAsync();
        room.Sink.Messages.ShouldHaveSingleItem().From.ShouldStartWith("MAIL FROM:<> ");
        room.Sink.Messages.Single().To.ShouldBe(["RCPT TO:<stranger@example.net>"]);
        room.Sink.Answer = static c => c.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 No" : null;
        await room.EnqueueAsync("stranger@example.net", s_anna);
        await room.EmptyAsync();
        room.Queue.Statistics.Reports.ShouldBe(2);
    }

    [Fact]
    public async Task After_four_hours_the_sender_is_warned_once_and_after_five_days_told()
    {
        await using var room = new OutboundRoom();
        room.Sink.Answer = static c => c.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.2.1 Later" : null;
        await room.EnqueueAsync(s_anna);
        await room.RestAsync();
        var attempts = 1;
        for (var end = room.Time.GetUtcNow() + TimeSpan.FromDays(5); room.Queue.Count > 0; attempts++)
        {
            var next = room.Queue.Snapshot()[0].Entry.NextAttemptAt;
            next.ShouldBeLessThanOrEqualTo(end);
            room.Time.Advance(next - room.Time.GetUtcNow());
            await room.RestAsync(attempts + 1);
            room.Reports.Values.Count(static r => r.Contains("Action: delayed", StringComparison.Ordinal)).ShouldBe(room.Time.GetUtcNow() >= end - TimeSpan.FromHours(116) ? 1 : 0);
        }

        var final = room.Reports.Values.Single(static r => r.Contains("Action: failed", StringComparison.Ordinal));
        final.ShouldContain("Status: 4.4.7");
        final.ShouldContain("451 4.2.1 Later");
        room.Reports.Count.ShouldBe(2);
        attempts.ShouldBeInRange(20, 60);
    }

    [Fact]
    public async Task Success_is_reported_only_where_the_next_server_will_not_do_it()
    {
        await using var room = new OutboundRoom();
        await room.EnqueueAsync(s_anna with { Notify = DsnNotify.Success });
        await room.EmptyAsync();
        room.Reports.ShouldBeEmpty();
        room.Sink.Extensions = [];
        await room.RestartAsync();
        await room.EnqueueAsync(s_anna with { Notify = DsnNotify.Success });
        await room.EmptyAsync();
        room.Reports.Values.ShouldHaveSingleItem().ShouldContain("Action: relayed");
    }

    [Fact]
    public async Task A_message_the_administrator_removes_is_reported_with_the_reason()
    {
        await using var room = new OutboundRoom();
        room.Sink.Answer = static c => c.StartsWith("RCPT", StringComparison.Ordinal) ? "451 4.2.1 Later" : null;
        var id = await room.EnqueueAsync(s_anna);
        await room.RestAsync();
        room.Queue.Delete("nonsense", "x").ShouldBeFalse();
        room.Queue.Delete(id, "spam run").ShouldBeTrue();
        await room.EmptyAsync();
        room.Reports.Values.ShouldHaveSingleItem().ShouldContain("Removed by the administrator: spam run");
        room.Ledger.ShouldContain(r => r.Stage == OutboundStage.Failed && r.Detail.Contains("spam run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_a_server_says_can_begin_a_field_of_a_report()
    {
        await using var room = Refusing("550-5.1.1 first\r\n550 Action: delivered");
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Reports.Values.Single().ShouldNotContain("\nAction: delivered");
    }

    private static OutboundRoom Refusing(string answer)
    {
        var room = new OutboundRoom();
        room.Sink.Answer = c => c.StartsWith("RCPT TO:<anna", StringComparison.Ordinal) ? answer : null;
        return room;
    }
}
