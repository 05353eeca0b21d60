using System.Text;
using Postbell.Smtp.Client;
using Postbell.TestKit;

namespace Postbell.Smtp.Tests.Client;

/// <summary>Servers that answer as none should: the session ends with a reason or goes on, and never in another way.</summary>
public sealed class HostileServerFuzzTests
{
    private static readonly string[] s_answers =
    [
        "220 x", "250 Ok", "250-x\r\n250-PIPELINING\r\n250 CHUNKING", "250-x\r\n250 SIZE 99999999999999999999", "354 go", "421 bye", "550 5.1.1 no", "999 what", "250", "25", "", "250-never ends",
        "250 Ok\r\n250 Ok\r\n250 Ok", "220 \0\u00ff\u0001", "250 " + new string('x', 3000), "250 a\nb", "250 a\rb", "334 VXNlcg==", "235 in", "252-a\r\n250 b", "  250 Ok",
    ];

    [Fact]
    public async Task Whatever_a_server_answers_the_session_says_what_became_of_the_message()
    {
        var random = new Random(42);
        await using var sink = new SmtpSink { Answer = _ => s_answers[random.Next(s_answers.Length)] };
        var (ended, answered) = (0, 0);
        for (var round = 0; round < 50; round++)
        {
            // Some get as far as the message.
            var good = random.Next(7);
            var asked = 0;
            sink.Answer = c => Interlocked.Increment(ref asked) <= good ? null : s_answers[random.Next(s_answers.Length)];
            try
            {
                await using var session = await SmtpClientSession.OpenAsync(Route(sink), "um.example.org", TimeProvider.System, TestContext.Current.CancellationToken);
                var content = "Subject: x\r\n\r\nx\r\n"u8.ToArray();
                var mail = new OutgoingMail { Sender = "me@example.org", Recipients = [new OutboundRecipient("a@example.com"), new OutboundRecipient("b@example.com")], Size = content.Length };
                (await session.SendAsync(mail, new MemoryStream(content), TestContext.Current.CancellationToken)).Count.ShouldBe(2);
                answered++;
                await session.QuitAsync(TestContext.Current.CancellationToken);
            }
            catch (SmtpSessionException failed)
            {
                Encoding.ASCII.GetBytes(failed.Message).ShouldAllBe(static b => b >= 32);
                ended++;
            }
        }

        (ended > 5 && answered > 1).ShouldBeTrue($"{ended} ended, {answered} answered");
    }

    private static SmtpRoute Route(SmtpSink sink)
    {
        var moment = TimeSpan.FromMilliseconds(60);
        return new SmtpRoute
        {
            Host = "127.0.0.1", Port = sink.Port, Tls = SmtpTlsUse.None, User = null,
            Timeouts = new SmtpTimeouts { Command = moment, Data = moment, End = moment, Quit = moment, Reset = moment, Block = moment },
        };
    }
}
