using System.Text;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>UTF8=ACCEPT, RFC 6855.</summary>
public sealed class Utf8AcceptTests
{
    private static readonly string Name = Bytes("R&D Größe");

    [Fact]
    public async Task Names_are_UTF8_both_ways_once_enabled()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("ENABLE UTF8=ACCEPT");
        await client.DoAsync($"CREATE \"{Name}\"");
        (await client.DoAsync("LIST \"\" R*"))[0].ShouldBe($"* LIST (\\HasNoChildren) \"/\" \"{Name}\"");
        (await client.DoAsync($"STATUS \"{Name}\" (MESSAGES)"))[0].ShouldBe($"* STATUS \"{Name}\" (MESSAGES 0)");
        await client.DoAsync($"APPEND \"{Name}\" {{4+}}\r\na: 1");
        var other = await server.ConnectAsAnnAsync();
        (await other.DoAsync("LIST \"\" R*"))[0].ShouldBe("* LIST (\\HasNoChildren) \"/\" \"R&-D Gr&APYA3w-e\"");
    }

    [Fact]
    public async Task A_message_with_UTF8_in_its_header_is_taken_and_told_as_it_is()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(select: true);
        await using var _ = server;
        var message = Bytes("Subject: Größe\r\n\r\nx\r\n");
        (await client.TryAsync($"APPEND INBOX UTF8 (~{{{message.Length}+}}\r\n{message})")).End.ShouldBe("BAD Enable UTF8=ACCEPT first");
        await client.DoAsync("ENABLE UTF8=ACCEPT");
        (await client.TryAsync($"APPEND INBOX (\\Seen) UTF8 (~{{{message.Length}+}}\r\n{message})")).End.ShouldStartWith("OK [APPENDUID");
        (await client.DoAsync("FETCH 1 ENVELOPE"))[0].ShouldContain($"\"{Bytes("Größe")}\"");
        (await client.DoAsync($"SEARCH SUBJECT \"{Bytes("größe")}\""))[0].ShouldBe("* SEARCH 1");
        (await client.TryAsync("SEARCH CHARSET UTF-8 ALL")).End.ShouldStartWith("BAD No character set may be named");
        (await client.TryAsync($"APPEND INBOX UTF8 (~{{{message.Length}+}}\r\n{message}")).End.ShouldStartWith("BAD");
    }

    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
