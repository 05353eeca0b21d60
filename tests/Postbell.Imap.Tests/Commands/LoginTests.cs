using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class LoginTests
{
    [Fact]
    public async Task A_right_password_opens_the_mailbox()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            """
            S: * OK ...
            C: a SELECT INBOX
            S: a BAD Sign in first
            C: b LOGIN ann {13}
            S: + Go ahead
            C: correct horse
            S: b OK [CAPABILITY ...] Signed in
            C: c LOGIN ann "correct horse"
            S: c BAD Already signed in
            """);
        server.Statistics.Logins.ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_one_does_not_and_too_many_end_the_connection()
    {
        await using var server = await ImapServer.StartAsync();
        var client = server.Connect();
        await client.PlayAsync(
            """
            S: * OK ...
            C: a LOGIN ann wrong
            S: a NO [AUTHENTICATIONFAILED] Name or password is wrong
            C: b LOGIN nobody "correct horse"
            S: b NO [AUTHENTICATIONFAILED] Name or password is wrong
            C: c LOGIN bob ""
            S: c NO [AUTHENTICATIONFAILED] Name or password is wrong
            C: d LOGIN "" ""
            S: d NO [AUTHENTICATIONFAILED] Name or password is wrong
            C: e LOGIN ann wrong
            S: * BYE Too many refused logins
            S: e NO [AUTHENTICATIONFAILED] Name or password is wrong
            """);
        (await client.ReadLineAsync()).ShouldBeNull();
        server.Statistics.LoginFailures.ShouldBe(5);
    }

    [Fact]
    public async Task Each_refusal_of_an_address_waits_longer()
    {
        var time = new TestKit.ManualTime();
        await using var server = await ImapServer.StartAsync(new ImapOptions { AllowPlaintextLogin = true }, time, longestDelay: Core.LoginThrottle.UsualLongestDelay);
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            var client = server.Connect(System.Net.IPAddress.Parse("192.0.2.7"));
            await client.ReadLineAsync();
            var answer = client.TryAsync("LOGIN ann wrong");
            await WaitForAsync(() => server.Statistics.LoginFailures == Math.Log2(seconds) + 1);
            await AdvanceUntilDoneAsync(time, answer, TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1), done: false);
            await AdvanceUntilDoneAsync(time, answer, TimeSpan.FromMilliseconds(1), done: true);
        }
    }

    [Fact]
    public async Task Arguments_that_are_none_are_refused_with_a_reason()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            """
            S: * OK ...
            C: a LOGIN ann
            S: a BAD The command ends too early (at byte 12)
            C: b LOGIN (ann) x
            S: b BAD A string is missing or has a character that needs quotes (at byte 9)
            """);
    }

    private static async Task AdvanceUntilDoneAsync(TestKit.ManualTime time, Task answer, TimeSpan by, bool done)
    {
        // The delay may start a moment after the failure was counted; its length is what matters.
        await Task.Delay(30);
        time.Advance(by);
        if (done)
        {
            await answer.WaitAsync(TimeSpan.FromSeconds(5));
        }
        else
        {
            await Task.Delay(30);
            answer.IsCompleted.ShouldBeFalse();
        }
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        condition().ShouldBeTrue();
    }
}
