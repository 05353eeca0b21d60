using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>COMPRESS, RFC 4978.</summary>
public sealed class CompressTests
{
    [Fact]
    public async Task Everything_works_compressed_and_IDLE_still_tells_at_once()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3);
        await using var _ = server;
        (await client.DoAsync("CAPABILITY"))[0].ShouldContain(" COMPRESS=DEFLATE");
        await client.DoAsync("COMPRESS DEFLATE");
        client.StartDeflate();
        (await client.DoAsync("CAPABILITY"))[0].ShouldNotContain("COMPRESS");
        (await client.TryAsync("COMPRESS DEFLATE")).End.ShouldStartWith("NO [COMPRESSIONACTIVE]");
        await client.DoAsync("SELECT INBOX");
        await client.AppendAsync("INBOX", Mail.Simple("4", new string('x', 200_000)));
        (await client.DoAsync("FETCH 4 RFC822.SIZE"))[0].ShouldStartWith("* 4 FETCH (RFC822.SIZE 200");
        (await client.DoAsync("FETCH 4 BODY.PEEK[TEXT]"))[1].Length.ShouldBe(200_000);
        await client.SendAsync("i IDLE\r\n");
        (await client.ReadLineAsync()).ShouldBe("+ Idling");
        for (var i = 5; i < 8; i++)
        {
            await server.DeliverAsync(Mail.Simple($"{i}"));
            (await client.ReadLineAsync()).ShouldBe($"* {i} EXISTS");
            await client.ReadLineAsync();
        }

        await client.SendAsync("DONE\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("i OK");
        (await client.DoAsync("UID SEARCH ALL"))[0].ShouldBe("* SEARCH 1 2 3 4 5 6 7");
        await client.DoAsync("LOGOUT");
    }

    [Fact]
    public async Task It_works_within_TLS_and_STARTTLS_cannot_follow()
    {
        await using var server = await ImapServer.StartAsync(new ImapOptions { Certificate = () => ImapServer.Certificate });
        var client = server.Connect();
        await client.ReadLineAsync();
        (await client.TryAsync("COMPRESS DEFLATE")).End.ShouldBe("BAD Sign in first");
        await client.DoAsync("STARTTLS");
        await client.StartTlsAsync();
        await client.DoAsync($"LOGIN ann \"{ImapServer.Password}\"");
        (await client.TryAsync("COMPRESS LZW")).End.ShouldBe("BAD Only DEFLATE is offered");
        await client.DoAsync("COMPRESS deflate");
        client.StartDeflate();
        (await client.TryAsync("STARTTLS")).End.ShouldBe("BAD Already signed in");
        await client.DoAsync("SELECT INBOX");
    }

    [Fact]
    public async Task A_line_that_inflates_beyond_the_limit_is_refused_as_any_other()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("COMPRESS DEFLATE");
        client.StartDeflate();
        await client.SendAsync("a LOGIN " + new string('x', 4_000_000) + "\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("a BAD [TOOBIG] Line too long");
        await client.DoAsync("NOOP");
    }

    [Fact]
    public async Task What_is_not_compressed_as_it_should_be_ends_the_connection()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("COMPRESS DEFLATE");
        await client.SendAsync("a NOOP in the clear\r\n");
        (await client.ReadLineAsync()).ShouldBeNull();
    }
}
