using Postbell.Directory;
using Postbell.Mailbox;
using Postbell.Smtp.Tests.Support;

namespace Postbell.Smtp.Tests.Session;

/// <summary>Mail to distribution groups. Both of the server's people are in "all", Ann also through "some".</summary>
public class DistributionGroupTests
{
    private static readonly DistributionGroup[] s_groups =
    [
        new() { Name = "Some", Address = "some@example.com", Members = ["ann@example.com", "All"] },
        new() { Name = "All", Address = "all@example.com", Members = ["some@example.com", "bob"], AcceptFrom = GroupSenders.Everyone },
    ];

    [Fact]
    public async Task Everybody_in_a_group_gets_a_message_once_and_the_sender_one_reply_for_it()
    {
        await using var server = await SmtpServer.StartAsync(groups: s_groups);
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await client.PlayAsync(
            """
            C: MAIL FROM:<eve@example.net>
            S: 250
            C: RCPT TO:<ALL@example.com>
            S: 250
            C: RCPT TO:<ann@example.com>
            S: 250
            C: DATA
            S: 354
            C: Subject: hello
            C: 
            C: text
            C: .
            S: 250
            S: 250
            """);
        (await server.InboxAsync(server.Ann)).Count.ShouldBe(1);
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_group_for_people_takes_nothing_from_outside()
    {
        await using var server = await SmtpServer.StartAsync(groups: s_groups);
        var outside = await server.EnterAsync(SmtpDoor.Lmtp);
        await outside.DoAsync("MAIL FROM:<ann@example.com>");
        (await outside.DoAsync("RCPT TO:<some@example.com>")).ShouldStartWith("550 5.7.1 ");

        var inside = await server.EnterAsync(SmtpDoor.Submission);
        await inside.DoAsync("MAIL FROM:<ann@example.com>");
        (await inside.DoAsync("RCPT TO:<some@example.com>")).ShouldStartWith("250");
        await inside.DoAsync("DATA");
        (await inside.DoAsync("Subject: hello\r\n\r\ntext\r\n.")).ShouldStartWith("250");
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_member_without_room_keeps_nobody_else_from_the_message_and_is_in_the_ledger()
    {
        await using var server = await SmtpServer.StartAsync(groups: s_groups, quotaOf: account => account.UserName == "bob" ? new MailboxQuota { MessageLimit = 0 } : MailboxQuota.Unlimited);
        var client = await server.EnterAsync(SmtpDoor.Intake);
        await client.DoAsync("MAIL FROM:<eve@example.net>");
        (await client.DoAsync("RCPT TO:<all@example.com>")).ShouldStartWith("250");
        await client.DoAsync("DATA");
        (await client.DoAsync("Subject: hello\r\n\r\ntext\r\n.")).ShouldStartWith("250");
        (await server.InboxAsync(server.Ann)).Count.ShouldBe(1);
        (await server.InboxAsync(server.Bob)).ShouldBeEmpty();
        var rows = await server.Store.RecentLedgerAsync(10, CancellationToken.None);
        rows.ShouldContain(row => row.Stage == "refused" && row.Detail.Contains("bob@example.com of group all@example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_whose_members_have_all_gone_is_refused()
    {
        await using var server = await SmtpServer.StartAsync(groups: [new() { Name = "Void", Address = "void@example.com", Members = ["nobody"], AcceptFrom = GroupSenders.Everyone }]);
        var client = await server.EnterAsync(SmtpDoor.Lmtp);
        await client.DoAsync("MAIL FROM:<eve@example.net>");
        await client.DoAsync("RCPT TO:<void@example.com>");
        await client.DoAsync("DATA");
        (await client.DoAsync("Subject: hello\r\n\r\ntext\r\n.")).ShouldStartWith("550 5.1.1 ");
    }
}
