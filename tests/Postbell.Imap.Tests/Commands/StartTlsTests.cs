using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class StartTlsTests
{
    private static readonly ImapOptions WithTls = new() { Certificate = () => ImapServer.Certificate };

    [Fact]
    public async Task Login_is_possible_once_TLS_is_there()
    {
        await using var server = await ImapServer.StartAsync(WithTls);
        var client = server.Connect();
        await client.PlayAsync(
            """
            S: * OK ...
            C: a LOGIN ann "correct horse"
            S: a NO [PRIVACYREQUIRED] ...
            C: b STARTTLS
            S: b OK ...
            """);
        await client.StartTlsAsync();
        await client.PlayAsync(
            """
            C: c CAPABILITY
            S: * CAPABILITY ... AUTH=PLAIN AUTH=LOGIN
            S: c OK ...
            C: d STARTTLS
            S: d BAD The connection is encrypted already
            C: e LOGIN ann "correct horse"
            S: e OK [CAPABILITY ...] Signed in
            """);
    }

    [Fact]
    public async Task What_was_sent_in_the_clear_behind_STARTTLS_is_no_command()
    {
        await using var server = await ImapServer.StartAsync(WithTls);
        var client = server.Connect();
        await client.ReadLineAsync();
        await client.SendAsync("a STARTTLS\r\nb ID NIL\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("a OK");
        await client.StartTlsAsync();
        await client.PlayAsync(
            """
            C: c NOOP
            S: c OK ...
            """);
    }

    [Fact]
    public async Task A_failed_handshake_ends_the_connection_and_is_counted()
    {
        await using var server = await ImapServer.StartAsync(WithTls);
        var client = server.Connect();
        await client.PlayAsync(
            """
            S: * OK ...
            C: a STARTTLS
            S: a OK ...
            C: this is no handshake at all, just some text that is long enough
            """);
        while (await client.ReadLineAsync() is not null)
        {
        }

        server.Statistics.TlsFailures.ShouldBe(1);
    }

    [Fact]
    public async Task TLS_can_come_first()
    {
        await using var server = await ImapServer.StartAsync(WithTls);
        var client = server.Connect(tlsFirst: true);
        await client.StartTlsAsync();
        await client.PlayAsync(
            """
            S: * OK [CAPABILITY ... AUTH=PLAIN AUTH=LOGIN] Postbell ready
            C: a LOGIN ann "correct horse"
            S: a OK ...
            C: b IDLE
            S: + Idling
            C: DONE
            S: b OK ...
            """);
    }

    [Fact]
    public async Task Without_certificate_there_is_none()
    {
        await using var server = await ImapServer.StartAsync();
        await server.Connect().PlayAsync(
            """
            S: * OK ...
            C: a STARTTLS
            S: a NO [UNAVAILABLE] ...
            """);
    }
}
