using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class CapabilityTests
{
    [Fact]
    public async Task Without_TLS_no_login_is_offered()
    {
        await using var server = await ImapServer.StartAsync(new ImapOptions { Certificate = () => ImapServer.Certificate });
        await server.Connect().PlayAsync(
            """
            S: * OK [CAPABILITY IMAP4rev1 ... STARTTLS LOGINDISABLED] Postbell ready
            C: a CAPABILITY
            S: * CAPABILITY IMAP4rev1 ... STARTTLS LOGINDISABLED
            S: a OK ...
            C: b CAPABILITY now
            S: b BAD Unexpected characters after the command (at byte 14)
            """);
    }

    [Fact]
    public async Task After_login_nothing_of_login_is_told()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a CAPABILITY
            S: * CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE ...
            S: a OK ...
            """);
        var told = (await client.DoAsync("CAPABILITY"))[0];
        told.ShouldNotContain("AUTH=");
        told.ShouldNotContain("LOGINDISABLED");
        told.ShouldNotContain("STARTTLS");
    }
}
