using Postbell.Smtp.Client;
using Postbell.Smtp.Outbound;

namespace Postbell.Smtp.Tests.Outbound;

/// <summary>Which server a message goes to, and over which connection.</summary>
public class OutboundWaysTests
{
    private static readonly OutboundRecipient s_anna = new("anna@example.com");

    [Fact]
    public async Task The_best_mail_server_of_a_domain_gets_the_mail_and_the_next_one_when_it_is_not_there()
    {
        await using var room = await DirectAsync();
        room.Names.Mail("example.com", 20, "second.test").Mail("example.com", 10, "first.test").Address4("first.test", "127.0.0.2").Address4("second.test", "127.0.0.1");
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Sink.Messages.ShouldHaveSingleItem().To.ShouldBe(["RCPT TO:<anna@example.com>"]);
        room.Ledger.Last().Detail.ShouldStartWith($"anna@example.com by second.test:{room.Sink.Port}: 250 ");
    }

    [Fact]
    public async Task A_server_that_does_not_want_to_talk_is_passed_over()
    {
        await using var room = await DirectAsync();
        var greetings = 0;
        room.Sink.Answer = c => c == "(greeting)" && Interlocked.Increment(ref greetings) == 1 ? "421 4.3.2 Busy" : null;
        room.Names.Mail("example.com", 10, "first.test").Mail("example.com", 20, "second.test").Address4("first.test", "127.0.0.1").Address4("second.test", "127.0.0.1");
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Ledger.Last().Detail.ShouldContain("by second.test:");
    }

    [Fact]
    public async Task A_domain_without_mail_servers_is_its_own()
    {
        await using var room = await DirectAsync();
        room.Names.Address4("example.com", "127.0.0.1");
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Ledger.Last().Detail.ShouldContain($"by example.com:{room.Sink.Port}: 250");
    }

    [Fact]
    public async Task A_domain_that_takes_no_mail_or_is_none_is_given_up_at_once()
    {
        await using var room = await DirectAsync();
        room.Names.Mail("example.com", 0, "").Address4("example.com", "127.0.0.1");
        await room.EnqueueAsync(s_anna, new OutboundRecipient("x@nowhere.test"));
        await room.EmptyAsync();
        var report = room.Reports.Values.ShouldHaveSingleItem();
        report.ShouldContain("Final-Recipient: rfc822; anna@example.com\r\nAction: failed\r\nStatus: 5.1.10\r\n");
        report.ShouldContain("556 5.1.10 example.com takes no mail");
        report.ShouldContain("Final-Recipient: rfc822; x@nowhere.test\r\nAction: failed\r\nStatus: 5.1.2\r\n");
        report.ShouldNotContain("Remote-MTA");
        room.Sink.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_domain_that_cannot_be_looked_up_waits()
    {
        await using var room = await DirectAsync();
        room.Names.Code = 2;
        await room.EnqueueAsync(s_anna);
        await room.RestAsync();
        var delivery = room.Queue.Snapshot().ShouldHaveSingleItem().Entry.Pending.ShouldHaveSingleItem();
        (delivery.Status, delivery.LastAnswer).ShouldBe(("4.4.3", "the mail servers of example.com could not be looked up"));
    }

    [Fact]
    public async Task Mail_does_not_come_back_to_this_server()
    {
        await using var room = await DirectAsync();
        room.Names.Mail("example.com", 10, "um.example.org").Mail("example.com", 20, "worse.test").Address4("worse.test", "127.0.0.1");
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Reports.Values.ShouldHaveSingleItem().ShouldContain("554 5.4.6 Mail for example.com would come back to this server");
        // A stranger who names this machine as his mail server gets nothing sent to what listens on it.
        room.Routes = [new OutboundRoute { Server = Server(room), IsDirect = true }];
        await room.RestartAsync();
        room.Names.Mail("evil.test", 10, "local.test").Address4("local.test", "127.0.0.1", "0.0.0.0");
        await room.EnqueueAsync(new OutboundRecipient("x@evil.test"));
        await room.EmptyAsync();
        room.Ledger.Where(r => r.Stage == OutboundStage.Failed).Last().Detail.ShouldContain("554 5.4.6");
        room.Sink.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_domain_goes_its_own_way_and_one_that_is_not_there_holds_up_no_other()
    {
        await using var room = new OutboundRoom();
        var toSink = Server(room) with { Host = "127.0.0.1" };
        room.Routes =
        [
            new OutboundRoute { Server = Server(room) with { Host = "127.0.0.2" } }, new OutboundRoute { Domains = [".example.com"], Server = toSink },
            new OutboundRoute { Domains = ["example.net"], Server = toSink },
        ];
        await room.RestartAsync();
        await room.EnqueueAsync(new OutboundRecipient("a@other.test"), new OutboundRecipient("b@Sub.Example.com"), new OutboundRecipient("c@example.net"));
        await room.RestAsync();
        room.Sink.Messages.ShouldHaveSingleItem().To.ShouldBe(["RCPT TO:<b@Sub.Example.com>", "RCPT TO:<c@example.net>"]);
        var waiting = room.Queue.Snapshot().ShouldHaveSingleItem().Entry.Pending.ShouldHaveSingleItem();
        (waiting.Recipient.Address, waiting.Server, waiting.Status).ShouldBe(("a@other.test", $"127.0.0.2:{room.Sink.Port}", "4.4.1"));
    }

    [Fact]
    public async Task A_domain_no_way_leads_to_is_refused()
    {
        await using var room = new OutboundRoom();
        room.Routes = [new OutboundRoute { Domains = ["example.net"], Server = Server(room) }];
        await room.RestartAsync();
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Reports.Values.ShouldHaveSingleItem().ShouldContain("550 5.7.1 There is no way for mail to example.com");
    }

    [Fact]
    public async Task Several_messages_go_over_one_connection_which_is_closed_when_no_more_come()
    {
        await using var room = await OneConnectionAsync();
        for (var i = 0; i < 4; i++)
        {
            await room.EnqueueAsync(s_anna);
            await room.EmptyAsync();
        }

        room.Sink.Messages.Count.ShouldBe(4);
        room.Sink.Commands.Count(static c => c.StartsWith("EHLO", StringComparison.Ordinal)).ShouldBe(1);
        room.Sink.Commands.Count(static c => c == "RSET").ShouldBe(3);
        room.Sink.Commands.ShouldNotContain("QUIT");
        room.Time.Advance(TimeSpan.FromSeconds(5));
        await OutboundRoom.UntilAsync(() => room.Sink.Commands.Contains("QUIT"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("421 4.4.2 Too long idle")]
    public async Task A_connection_that_the_server_closed_meanwhile_is_replaced(string answer)
    {
        await using var room = await OneConnectionAsync();
        room.Sink.Answer = c => c == "RSET" ? answer : null;
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Sink.Messages.Count.ShouldBe(2);
        room.Sink.Commands.Count(static c => c.StartsWith("EHLO", StringComparison.Ordinal)).ShouldBe(2);
        room.Queue.Statistics.SessionFailures.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_left_of_a_refused_message_does_not_touch_the_next_one()
    {
        await using var room = await OneConnectionAsync();
        room.Sink.Answer = static c => c.Contains("TO:<no@", StringComparison.Ordinal) ? "550 5.1.1 No" : null;
        await room.EnqueueAsync(new OutboundRecipient("no@example.com"));
        await room.EmptyAsync();
        await room.EnqueueAsync(s_anna);
        await room.EmptyAsync();
        room.Sink.Messages.ShouldHaveSingleItem().To.ShouldBe(["RCPT TO:<anna@example.com>"]);
        room.Sink.Commands.SkipWhile(static c => c != "RSET").Count(static c => c.StartsWith("RCPT", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_place_that_does_not_answer_is_not_asked_for_every_message_unless_somebody_wants_it()
    {
        await using var room = await OneConnectionAsync();
        var greetings = 0;
        room.Sink.Answer = c => c == "(greeting)" && Interlocked.Increment(ref greetings) > 0 ? "421 4.3.2 Busy" : null;
        var ids = new[] { await room.EnqueueAsync(s_anna), await room.EnqueueAsync(s_anna), await room.EnqueueAsync(s_anna) };
        await room.RestAsync();
        greetings.ShouldBe(1);
        room.Queue.Snapshot().ShouldAllBe(static j => j.Entry.LastProblem!.EndsWith("421 4.3.2 Busy", StringComparison.Ordinal));
        room.Sink.Answer = static _ => null;
        room.Queue.RetryNow(ids[0]).ShouldBeTrue();
        await OutboundRoom.UntilAsync(() => room.Queue.Count == 2);
    }

    private static SmtpRoute Server(OutboundRoom room) => new() { Host = "", Port = room.Sink.Port, Tls = SmtpTlsUse.None };

    private static async Task<OutboundRoom> DirectAsync()
    {
        var room = new OutboundRoom();
        // The name servers of the test are asked, and servers on this machine are meant.
        room.Routes = [new OutboundRoute { Domains = ["example.com", "nowhere.test"], Server = Server(room), IsDirect = true }];
        await room.RestartAsync();
        return room;
    }

    private static async Task<OutboundRoom> OneConnectionAsync()
    {
        var room = new OutboundRoom();
        room.Routes = [new OutboundRoute { Server = Server(room) with { Host = "127.0.0.1", MaxConnections = 1 } }];
        await room.RestartAsync();
        return room;
    }
}
