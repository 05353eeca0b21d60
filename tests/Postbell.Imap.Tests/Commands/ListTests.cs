using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class ListTests
{
    [Fact]
    public async Task Folders_come_with_their_attributes()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE work/Gr&APYA3w-e");
        var lines = await client.DoAsync("LIST \"\" *");
        lines.ShouldContain("* LIST (\\HasNoChildren) \"/\" \"INBOX\"");
        lines.ShouldContain("* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"");
        lines.ShouldContain("* LIST (\\HasNoChildren \\Drafts) \"/\" \"Drafts\"");
        lines.ShouldContain("* LIST (\\HasNoChildren \\Trash) \"/\" \"Trash\"");
        lines.ShouldContain("* LIST (\\HasNoChildren \\Junk) \"/\" \"Junk\"");
        lines.ShouldContain("* LIST (\\HasChildren) \"/\" \"work\"");
        lines.ShouldContain("* LIST (\\HasNoChildren) \"/\" \"work/Gr&APYA3w-e\"");
    }

    [Fact]
    public async Task Patterns_stay_within_their_level()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE a/b/c");
        (await client.DoAsync("LIST \"\" a/%")).ShouldBe(["* LIST (\\HasChildren) \"/\" \"a/b\""]);
        (await client.DoAsync("LIST a/ b*")).Count.ShouldBe(2);
        (await client.DoAsync("LIST \"\" inbox")).ShouldHaveSingleItem();
        (await client.DoAsync("LIST \"\" nowhere")).ShouldBeEmpty();
        (await client.DoAsync("LIST \"\" %")).ShouldNotContain(l => l.Contains("a/b"));
    }

    [Fact]
    public async Task Special_use_can_be_asked_for()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        (await client.DoAsync("LIST (SPECIAL-USE) \"\" *")).ShouldNotContain(l => l.Contains("INBOX"));
        (await client.DoAsync("LIST \"\" * RETURN (SPECIAL-USE)")).ShouldContain(l => l.Contains("\\Sent"));
    }

    [Fact]
    public async Task An_empty_pattern_asks_for_the_separator()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a LIST "" ""
            S: * LIST (\Noselect) "/" ""
            S: a OK ...
            C: b LIST ""
            S: b BAD ...
            """);
    }
}
