using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

public sealed class DeleteTests
{
    [Fact]
    public async Task A_mailbox_goes_with_its_messages_and_INBOX_stays()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE x");
        await client.AppendAsync("x", Mail.Simple("1"));
        await client.PlayAsync(
            """
            C: a DELETE x
            S: a OK Mailbox deleted
            C: b DELETE x
            S: b NO [NONEXISTENT] ...
            C: c DELETE INBOX
            S: c NO [CANNOT] ...
            """);
    }

    [Fact]
    public async Task One_with_children_stays_as_a_name_only()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE p/c");
        await client.DoAsync("DELETE p");
        (await client.DoAsync("LIST \"\" p")).Single().ShouldBe("* LIST (\\Noselect \\HasChildren) \"/\" \"p\"");
        (await client.TryAsync("SELECT p")).End.ShouldStartWith("NO [CANNOT]");
        (await client.TryAsync("DELETE p")).End.ShouldStartWith("NO [HASCHILDREN]");
    }

    [Fact]
    public async Task Deleting_the_selected_mailbox_leaves_it()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE x");
        await client.DoAsync("SELECT x");
        await client.DoAsync("DELETE x");
        (await client.TryAsync("CHECK")).End.ShouldBe("BAD Select a mailbox first");
    }
}
