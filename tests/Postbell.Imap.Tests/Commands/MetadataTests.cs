using Postbell.Imap.Tests.Support;
using Postbell.Mailbox;

namespace Postbell.Imap.Tests.Commands;

/// <summary>Notes about mailboxes (RFC 5464).</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Notes_are_set_told_and_removed()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SETMETADATA INBOX (/private/Comment "mine" /shared/comment {4+}
            C: ours)
            S: a OK Noted
            C: b GETMETADATA INBOX (/shared/comment /private/comment /private/none)
            S: * METADATA "INBOX" (/shared/comment {4}
            S: ours /private/comment {4}
            S: mine /private/none NIL)
            S: b OK Told
            C: c SETMETADATA INBOX (/private/comment NIL)
            S: c OK Noted
            C: d GETMETADATA INBOX /private/comment
            S: * METADATA "INBOX" (/private/comment NIL)
            S: d OK Told
            C: e SETMETADATA "" (/private/vendor/vendor.test/x "whole")
            S: e OK Noted
            C: f GETMETADATA "" /private/vendor/vendor.test/x
            S: * METADATA "" (/private/vendor/vendor.test/x {5}
            S: whole)
            S: f OK Told
            C: g GETMETADATA Sent (/shared/comment)
            S: * METADATA "Sent" (/shared/comment NIL)
            S: g OK Told
            """);
    }

    [Fact]
    public async Task Depth_and_size_choose_what_is_told()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("SETMETADATA INBOX (/private/a \"1\" /private/a/b \"22\" /private/a/b/c \"333\" /private/ab \"4\")");
        (await NamesAsync(client, "(DEPTH 0) INBOX /private/a")).ShouldBe("/private/a");
        (await NamesAsync(client, "(DEPTH 1) INBOX /private/a")).ShouldBe("/private/a /private/a/b");
        (await NamesAsync(client, "(DEPTH infinity) INBOX (/private/a)")).ShouldBe("/private/a /private/a/b /private/a/b/c");
        (await NamesAsync(client, "(DEPTH infinity) INBOX /private")).ShouldBe("/private/a /private/a/b /private/a/b/c /private/ab");
        var (lines, end) = await client.TryAsync("GETMETADATA (MAXSIZE 2 DEPTH infinity) INBOX /private/a");
        end.ShouldBe("OK [METADATA LONGENTRIES 3] Told");
        string.Concat(lines).ShouldNotContain("/c ");
        (await client.DoAsync("GETMETADATA (DEPTH 1) INBOX /private/none")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_bytes_can_be_noted()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("SETMETADATA INBOX (/private/x ~{3+}\r\na\0b)");
        (await client.DoAsync("GETMETADATA INBOX /private/x")).ShouldBe(["* METADATA \"INBOX\" (/private/x ~{3}", "a\0b)"]);
    }

    [Theory]
    [InlineData("SETMETADATA INBOX (/private/x* \"a\")", "BAD")]
    [InlineData("SETMETADATA INBOX (/private/ \"a\")", "BAD")]
    [InlineData("SETMETADATA INBOX (/other/x \"a\")", "BAD")]
    [InlineData("SETMETADATA INBOX (/private//x \"a\")", "BAD")]
    [InlineData("SETMETADATA INBOX (/private/x)", "BAD")]
    [InlineData("SETMETADATA INBOX", "BAD")]
    [InlineData("GETMETADATA (DEPTH 2) INBOX /private/x", "BAD")]
    [InlineData("GETMETADATA (SIZE 2) INBOX /private/x", "BAD")]
    [InlineData("GETMETADATA Nowhere /private/x", "NO [NONEXISTENT]")]
    [InlineData("SETMETADATA \"\" (/shared/comment \"a\")", "NO [NOPERM]")]
    public async Task What_cannot_be_is_refused(string command, string answer)
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        (await client.TryAsync(command)).End.ShouldStartWith(answer);
    }

    [Fact]
    public async Task Size_and_number_of_notes_are_limited_and_a_refusal_leaves_nothing()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var large = new string('x', MetadataEntry.LargestValue + 1);
        (await client.TryAsync($"SETMETADATA INBOX (/private/small \"a\" /private/large {{{large.Length}+}}\r\n{large})")).End.ShouldStartWith("NO [METADATA MAXSIZE 65536]");
        var many = string.Join(' ', Enumerable.Range(0, MetadataEntry.MostEntries + 1).Select(i => $"/private/n{i} \"a\""));
        (await client.TryAsync($"SETMETADATA INBOX ({many})")).End.ShouldStartWith("NO [METADATA TOOMANY]");
        (await client.DoAsync("GETMETADATA (DEPTH infinity) INBOX /private")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_person_has_private_notes_of_his_own_and_shared_ones_need_rights()
    {
        var (server, ann) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await ann.DoAsync("SETMETADATA INBOX (/private/comment \"ann\" /shared/comment \"all\")");
        var bob = await server.ConnectAsBobAsync();
        const string name = "\"Other Users/ann\"";
        (await bob.TryAsync($"GETMETADATA {name} /shared/comment")).End.ShouldStartWith("NO [NONEXISTENT]");
        await server.Store.SetRightsAsync(server.Ann.Id, "INBOX", "bob", _ => FolderRights.Lookup | FolderRights.Read, default);
        string.Join('|', await bob.DoAsync($"GETMETADATA {name} (/shared/comment /private/comment)"))
            .ShouldBe("* METADATA \"Other Users/ann\" (/shared/comment {3}|all /private/comment NIL)");
        (await bob.TryAsync($"SETMETADATA {name} (/shared/comment \"bob\")")).End.ShouldStartWith("NO [NOPERM]");
        await bob.DoAsync($"SETMETADATA {name} (/private/comment \"bob\")");
        string.Concat(await ann.DoAsync("GETMETADATA INBOX /private/comment")).ShouldContain("ann)");
    }

    [Fact]
    public async Task Notes_stay_with_a_renamed_folder_and_go_with_a_deleted_one()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE Old");
        await client.DoAsync("SETMETADATA Old (/private/x \"1\")");
        await client.DoAsync("RENAME Old New");
        string.Concat(await client.DoAsync("GETMETADATA New /private/x")).ShouldContain("{1}");
        await client.DoAsync("DELETE New");
        await client.DoAsync("CREATE New");
        string.Concat(await client.DoAsync("GETMETADATA New /private/x")).ShouldContain("NIL");
    }

    private static async Task<string> NamesAsync(ImapClient client, string arguments) => string.Join(
        ' ', string.Join(' ', await client.DoAsync("GETMETADATA " + arguments)).Split(' ', '(').Where(word => word.StartsWith("/private", StringComparison.Ordinal)));
}
