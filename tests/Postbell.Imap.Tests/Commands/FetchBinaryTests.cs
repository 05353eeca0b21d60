using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>BINARY, RFC 3516: parts with their transfer encoding undone.</summary>
public sealed class FetchBinaryTests
{
    private static readonly string Encoded = Mail.Crlf(
        """
        From: bob@example.com
        Subject: parts
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=B

        --B
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        caf=C3=A9 and a soft=
         line
        --B
        Content-Type: application/octet-stream
        Content-Transfer-Encoding: base64

        AAECA0hlbGxv
        --B
        Content-Type: text/plain

        as it is
        --B
        Content-Type: application/x
        Content-Transfer-Encoding: x-uuencode

        begin 644 x
        --B--

        """);

    [Fact]
    public async Task Parts_come_decoded_with_their_decoded_size()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Encoded);
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a FETCH 1 (BINARY.SIZE[1] BINARY.SIZE[2] BINARY.SIZE[3] BINARY.SIZE[9])
            S: * 1 FETCH (BINARY.SIZE[1] 21 BINARY.SIZE[2] 9 BINARY.SIZE[3] 8 BINARY.SIZE[9] 0)
            S: a OK Messages fetched
            """);
        await client.SendAsync("b FETCH 1 BINARY.PEEK[2]\r\n");
        (await client.ReadLineAsync()).ShouldBe("* 1 FETCH (BINARY[2] ~{9}");
        (await client.ReadLineAsync()).ShouldBe("\0\u0001\u0002\u0003Hello)");
        (await client.ReadLineAsync()).ShouldBe("b OK Messages fetched");
        await client.PlayAsync(
            """
            C: c UID FETCH 1 (BINARY.PEEK[1])
            S: * 1 FETCH (UID 1 BINARY[1] ~{21}
            S: cafÃ© and a soft line)
            S: c OK Messages fetched
            C: d FETCH 1 BINARY.PEEK[9]
            S: * 1 FETCH (BINARY[9] NIL)
            S: d OK Messages fetched
            C: e FETCH 1 BINARY.PEEK[3]<3.100>
            S: * 1 FETCH (BINARY[3]<3> ~{5}
            S: it is)
            S: e OK Messages fetched
            C: f FETCH 1 BINARY.PEEK[2]<4.3>
            S: * 1 FETCH (BINARY[2]<4> ~{3}
            S: Hel)
            S: f OK Messages fetched
            C: g FETCH 1 BINARY.PEEK[2]<9.1>
            S: * 1 FETCH (BINARY[2]<9> ~{0}
            S: )
            S: g OK Messages fetched
            """);
    }

    [Fact]
    public async Task Reading_sets_Seen_and_peeking_does_not()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Encoded);
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a FETCH 1 (BINARY.PEEK[3] BINARY.SIZE[3] FLAGS)
            S: * 1 FETCH (BINARY[3] ~{8}
            S: as it is BINARY.SIZE[3] 8 FLAGS (\Recent))
            S: a OK ...
            C: b FETCH 1 BINARY[3]
            S: * 1 FETCH (BINARY[3] ~{8}
            S: as it is FLAGS (\Seen \Recent))
            S: b OK ...
            """);
    }

    [Fact]
    public async Task An_encoding_nobody_knows_is_refused_and_the_rest_is_told()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Encoded);
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a FETCH 1 BINARY.PEEK[4]
            S: a NO [UNKNOWN-CTE] The encoding of a part is none that can be undone
            C: b UID FETCH 1 (BINARY.SIZE[4] BINARY.SIZE[3])
            S: * 1 FETCH (UID 1 BINARY.SIZE[3] 8)
            S: b NO [UNKNOWN-CTE] ...
            """);
    }

    [Fact]
    public async Task What_has_no_encoding_of_its_own_comes_as_it_is()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Forwarded());
        var client = await server.ConnectAsAnnAsync(select: true);
        var whole = await client.DoAsync("FETCH 1 BODY.PEEK[]");
        var same = await client.DoAsync("FETCH 1 BINARY.PEEK[]");
        same.Skip(1).ShouldBe(whole.Skip(1));
        (await client.DoAsync("FETCH 1 BINARY.PEEK[2]")).Skip(1).ShouldBe((await client.DoAsync("FETCH 1 BODY.PEEK[2]")).Skip(1));
    }

    [Fact]
    public async Task Only_numbers_name_a_part()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a FETCH 1 BINARY[1.TEXT]
            S: a BAD The section of BODY[...] is malformed ...
            C: b FETCH 1 BINARY
            S: b BAD ...
            C: c FETCH 1 BINARY.SIZE[1]<0.5>
            S: c BAD ...
            C: d FETCH 1 BINARY[1]<0.0>
            S: d BAD Zero is not allowed here ...
            """);
    }

    [Fact]
    public async Task A_large_part_is_decoded_in_pieces()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        var octets = new byte[3_000_000];
        new Random(7).NextBytes(octets);
        octets.AsSpan().Replace((byte)'\n', (byte)'.');
        octets.AsSpan().Replace((byte)'\r', (byte)'.');
        var message = "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks) + "\r\n";
        await client.AppendAsync("INBOX", message);
        var lines = await client.DoAsync("FETCH 1 BINARY.PEEK[1]");
        lines[0].ShouldBe($"* 1 FETCH (BINARY[1] ~{{{octets.Length}}}");
        (lines[1] == System.Text.Encoding.Latin1.GetString(octets) + ")").ShouldBeTrue();
        var part = await client.DoAsync("FETCH 1 BINARY.PEEK[1]<2000000.1000>");
        (part[1] == System.Text.Encoding.Latin1.GetString(octets, 2_000_000, 1000) + ")").ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_may_come_as_a_binary_literal_but_not_with_NUL()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a APPEND INBOX (\Seen) ~{4}
            S: + Send the message
            C: a: 1
            S: * 1 EXISTS
            S: * 1 RECENT
            S: a OK [APPENDUID ... 1] Message stored
            C: b APPEND INBOX ~{4+}
            C: b: 2 ~{4+}
            C: c: 3
            S: * 3 EXISTS
            S: * 3 RECENT
            S: b OK [APPENDUID ... 2:3] Messages stored
            C: c LOGIN ~{3+}
            C: ann x
            S: c BAD ...
            """);
        (await client.TryAsync("APPEND INBOX ~{6+}\r\na: b\0c")).End.ShouldStartWith("NO [UNKNOWN-CTE]");
    }
}
