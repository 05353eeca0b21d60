using System.Security.Cryptography;
using System.Text;
using Postbell.Imap.Tests.Support;
using Postbell.TestKit;

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
            S: c BAD The answer is not what the mechanism wants
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

    [Theory]
    [InlineData("SCRAM-SHA-256", "n,,")]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,")]
    public async Task SCRAM_works_over_TLS_bound_to_it_or_not(string mechanism, string header)
    {
        await using var server = await ImapServer.StartAsync(new ImapOptions { Certificate = () => ImapServer.Certificate });
        var client = server.Connect(tlsFirst: true);
        await client.StartTlsAsync();
        (await client.ReadLineAsync())!.ShouldContain(" AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 ");
        var scram = new ScramClient("ann", ImapServer.Password)
        {
            Header = header, Binding = header[0] == 'p' ? SHA256.HashData(ImapServer.Certificate.RawData) : [],
        };
        await client.SendAsync($"a AUTHENTICATE {mechanism} {Coded(scram.First)}\r\n");
        await client.SendAsync(Coded(scram.Final(Decoded((await client.ReadLineAsync())!))) + "\r\n");
        Decoded((await client.ReadLineAsync())!).ShouldBe(scram.ServerFinal);
        await client.PlayAsync("C: \nS: a OK [CAPABILITY ...] Signed in");
    }

    [Fact]
    public async Task LOGIN_asks_for_name_and_password()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            """
            S: * OK ...
            C: a AUTHENTICATE LOGIN
            S: + VXNlcm5hbWU6
            C: YW5u
            S: + UGFzc3dvcmQ6
            C: Y29ycmVjdCBob3JzZQ==
            S: a OK [CAPABILITY ...] Signed in
            """);
    }

    private static string Coded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decoded(string line) => Encoding.UTF8.GetString(Convert.FromBase64String(line[2..]));
}
