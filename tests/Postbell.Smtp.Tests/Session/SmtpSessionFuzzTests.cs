using System.Text;
using System.Text.RegularExpressions;
using Postbell.Smtp.Tests.Support;

namespace Postbell.Smtp.Tests.Session;

/// <summary>Damaged conversations, the same ones each run: every answer is a reply, nothing is stored that was not promised, and the next client is served.</summary>
public sealed partial class SmtpSessionFuzzTests
{
    private const int Rounds = 150;

    private static readonly string[] s_pieces =
    [
        "EHLO c.example.net\r\n", "LHLO c.example.net\r\n", "HELO c\r\n", "MAIL FROM:<eve@example.net> SIZE=10 BODY=8BITMIME\r\n", "MAIL FROM:<> SMTPUTF8 RET=HDRS ENVID=x\r\n",
        "RCPT TO:<bob@example.com> NOTIFY=SUCCESS ORCPT=rfc822;b\r\n", "RCPT TO:<nobody@example.com>\r\n", "DATA\r\n", "Subject: x\r\n\r\n..body\r\n.\r\n", ".\r\n", "\r\n.\r\n",
        "BDAT 6\r\nab\r\nc\r\n", "BDAT 4 LAST\r\nab\r\n", "BDAT 999999999999\r\n", "BDAT -1\r\n", "RSET\r\n", "NOOP x\r\n", "VRFY bob\r\n", "STARTTLS\r\n", "AUTH PLAIN !!!\r\n", "AUTH LOGIN\r\n*\r\n",
        "AUTH SCRAM-SHA-256 biwsbj1hbm4scj0x\r\n", "HELP\r\n", "QUIT\r\n", "\n", "\r", "\0\r\n", "MAIL FROM:<" + new string('a', 5000) + "@x>\r\n",
    ];

    [Theory]
    [InlineData(SmtpDoor.Lmtp)]
    [InlineData(SmtpDoor.Intake)]
    [InlineData(SmtpDoor.Submission)]
    public async Task Whatever_comes_gets_replies_and_leaves_the_door_open_for_others(SmtpDoor door)
    {
        var random = new Random(20261122 + (int)door);
        await using var server = await SmtpServer.StartAsync(SmtpServer.Plain with { Limits = new SmtpLimits { MessageBytes = 5000, LoginAttempts = 1 } }, outbound: new RememberingQueue());
        var promised = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var client = server.Connect(door);
            await client.SendAsync(Conversation(random));
            await client.EndAsync();
            for (var reply = await client.ReplyAsync(); reply != "closed"; reply = await client.ReplyAsync())
            {
                reply.Split(" | ").ShouldAllBe(static line => ReplyLine().IsMatch(line));
                promised += reply.StartsWith("250 2.0.0 Stored", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        var stored = (await server.InboxAsync(server.Bob)).Count;
        stored.ShouldBeLessThanOrEqualTo(promised);
        System.IO.Directory.EnumerateFiles(server.Incoming).ShouldBeEmpty();
        var good = await server.EnterAsync(SmtpDoor.Lmtp);
        await good.PlayAsync("C: MAIL FROM:<>\nS: 250\nC: RCPT TO:<bob@example.com>\nS: 250\nC: DATA\nS: 354\nC: Subject: good\nC:\nC: x\nC: .\nS: 250 2.0.0");
        (await server.InboxAsync(server.Bob)).Count.ShouldBe(stored + 1);
    }

    private static string Conversation(Random random)
    {
        // A good beginning, so that what follows comes far.
        var text = new StringBuilder(random.Next(3) == 0 ? "" : "EHLO c\r\nLHLO c\r\nMAIL FROM:<e@example.net>\r\nRCPT TO:<bob@example.com>\r\n");
        for (var count = random.Next(1, 12); count > 0; count--)
        {
            text.Append(s_pieces[random.Next(s_pieces.Length)]);
        }

        for (var changes = random.Next(4); changes > 0 && text.Length > 0; changes--)
        {
            var at = random.Next(text.Length);
            _ = random.Next(3) switch
            {
                0 => text.Remove(at, Math.Min(text.Length - at, random.Next(1, 6))),
                1 => text.Insert(at, "\r\n. <>:=\0\u00ff"[random.Next(10)]),
                _ => text.Replace(text[at], (char)random.Next(256), at, 1),
            };
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^[2-5][0-9][0-9]([ -][\x20-\x7e]*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReplyLine();
}
