using Postbell.Smtp.Tests.Support;

namespace Postbell.Smtp.Tests.Session;

/// <summary>What the From header of submitted mail may say; ann@example.com signed in.</summary>
public class SubmittedFromTests
{
    [Theory]
    [InlineData("From: Ann <ann@example.com>")]
    [InlineData("From: \"bob@example.com\" <A.Nobody@Example.COM>")]
    [InlineData("FROM: ann+list@example.com (Ann)")]
    [InlineData("From: ann@example.com,\n <a.nobody@example.com>")]
    [InlineData("Subject: no From at all")]
    public async Task Addresses_of_ones_own_are_taken(string header)
    {
        await using var server = await SmtpServer.StartAsync();
        (await SendAsync(server, header)).ShouldStartWith("250 2.0.0");
    }

    [Theory]
    [InlineData("From: Bob <bob@example.com>")]
    [InlineData("From: The chief <chief@example.net>")]
    [InlineData("From: ann@example.com, bob@example.com")]
    [InlineData("From: Ann <ann@example.com> <bob@example.com>")]
    [InlineData("From: Friends: ann@example.com, eve@example.net;")]
    [InlineData("From: nobody at all")]
    [InlineData("From:")]
    [InlineData("From: ann@example.com\nFrom: bob@example.com")]
    [InlineData("From : bob@example.com")]
    public async Task Addresses_of_others_are_refused(string header)
    {
        var queue = new RememberingQueue();
        await using var server = await SmtpServer.StartAsync(outbound: queue);
        (await SendAsync(server, header)).ShouldStartWith("550 5.7.1");
        (await server.InboxAsync(server.Bob)).ShouldBeEmpty();
        queue.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_policy_allows_it_the_header_may_say_anything()
    {
        await using var server = await SmtpServer.StartAsync(SmtpServer.Plain with { RequiresOwnFrom = static account => account.UserName != "ann" });
        (await SendAsync(server, "From: The chief <chief@example.net>")).ShouldStartWith("250 2.0.0");
    }

    [Fact]
    public async Task Mail_from_outside_says_what_it_says()
    {
        await using var server = await SmtpServer.StartAsync();
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.PlayAsync("C: MAIL FROM:<eve@example.net>\nS: 250\nC: RCPT TO:<bob@example.com>\nS: 250\nC: DATA\nS: 354\nC: From: x@example.org\nC:\nC: x\nC: .\nS: 250");
    }

    private static async Task<string> SendAsync(SmtpServer server, string header)
    {
        var client = await server.EnterAsync(SmtpDoor.Submission);
        await client.PlayAsync("C: MAIL FROM:<ann@example.com>\nS: 250\nC: RCPT TO:<bob@example.com>\nS: 250\nC: DATA\nS: 354");
        await client.SendAsync(header.Replace("\n", "\r\n") + "\r\n\r\nHello\r\n.\r\n");
        return await client.ReplyAsync();
    }
}
