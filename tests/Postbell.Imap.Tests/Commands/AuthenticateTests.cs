using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class AuthenticateTests
{
    // NUL ann NUL correct horse
    private const string Ann = "AGFubgBjb3JyZWN0IGhvcnNl";

    [Fact]
    public async Task PLAIN_works_with_and_without_initial_answer()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            $"""
            S: * OK ...
            C: a AUTHENTICATE PLAIN {Ann}
            S: a OK [CAPABILITY ...] Signed in
            """);
        await server.Connect().PlayAsync(
            $"""
            S: * OK ...
            C: a authenticate plain
            S: + 
            C: {Ann}
            S: a OK [CAPABILITY ...] Signed in
            """);
    }

    [Fact]
    public async Task What_is_no_answer_is_refused()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            """
            S: * OK ...
            C: a AUTHENTICATE PLAIN
            S: + 
            C: *
            S: a BAD Given up by the client
            C: b AUTHENTICATE PLAIN !!!
            S: b BAD Invalid base64
            C: c AUTHENTICATE PLAIN =
            S: c BAD Invalid base64
            C: d AUTHENTICATE CRAM-MD5
            S: d NO [CANNOT] ...
            C: e AUTHENTICATE
            S: e BAD ...
            C: f AUTHENTICATE PLAIN Ym9iAGFubgBjb3JyZWN0IGhvcnNl
            S: f NO [AUTHENTICATIONFAILED] ...
            """);
    }

    [Fact]
    public async Task In_the_clear_it_is_refused_before_the_password_is_sent()
    {
        await using var server = await ImapServer.StartAsync(new ImapOptions());
        await server.Connect().PlayAsync(
            """
            S: * OK [CAPABILITY ... LOGINDISABLED] ...
            C: a AUTHENTICATE PLAIN
            S: a NO [PRIVACYREQUIRED] ...
            """);
    }
}
