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
    public async Task A_refusal_makes_the_next_try_of_the_address_wait()
    {
        var time = new TestKit.ManualTime();
        await using var server = await ImapServer.StartAsync(new ImapOptions { AllowPlaintextLogin = true }, time, longestDelay: TimeSpan.FromSeconds(16));
        var first = server.Connect(System.Net.IPAddress.Parse("192.0.2.7"));
        await first.ReadLineAsync();
        (await first.TryAsync("LOGIN ann wrong")).End.ShouldStartWith("NO [AUTHENTICATIONFAILED]");
        var second = server.Connect(System.Net.IPAddress.Parse("192.0.2.7"));
        await second.ReadLineAsync();
        var answer = second.TryAsync($"LOGIN bob \"{ImapServer.Password}\"");
        await Task.WhenAny(answer, Task.Delay(100));
        answer.IsCompleted.ShouldBeFalse();
        for (var i = 0; i < 500 && !answer.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answer, Task.Delay(20));
        }

        (await answer).End.ShouldStartWith("OK");
    }

    [Fact]
    public async Task A_locked_source_is_told_to_come_again_later()
    {
        await using var server = await ImapServer.StartAsync(new ImapOptions { AllowPlaintextLogin = true, Limits = new ImapLimits { LoginAttempts = 100 } });
        var client = server.Connect(System.Net.IPAddress.Parse("192.0.2.7"));
        await client.ReadLineAsync();
        for (var i = 0; i < 30; i++)
        {
            (await client.TryAsync($"LOGIN user{i} wrong")).End.ShouldStartWith("NO [AUTHENTICATIONFAILED]");
        }

        (await client.TryAsync($"LOGIN ann \"{ImapServer.Password}\"")).End.ShouldBe("NO [UNAVAILABLE] Too many refused logins, try again later");
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
}
