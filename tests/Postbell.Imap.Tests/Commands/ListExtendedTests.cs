using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>LIST-EXTENDED (RFC 5258), LIST-STATUS (RFC 5819), STATUS=SIZE (RFC 8438) and CREATE-SPECIAL-USE (RFC 6154).</summary>
public sealed class ListExtendedTests
{
    [Fact]
    public async Task Subscribed_names_are_selected_also_those_that_are_gone()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        foreach (var name in await client.DoAsync("LIST (SUBSCRIBED) \"\" *"))
        {
            await client.DoAsync("UNSUBSCRIBE " + name.Split('"')[^2]);
        }

        await client.DoAsync("CREATE fruit/apple");
        await client.DoAsync("SUBSCRIBE fruit/apple");
        await client.DoAsync("SUBSCRIBE gone/pear");
        await client.PlayAsync(
            """
            C: a LIST (SUBSCRIBED) "" *
            S: * LIST (\HasNoChildren \Subscribed) "/" "fruit/apple"
            S: * LIST (\NonExistent \Subscribed) "/" "gone/pear"
            S: a OK ...
            C: b LIST "" fruit* RETURN (SUBSCRIBED CHILDREN)
            S: * LIST (\HasChildren) "/" "fruit"
            S: * LIST (\HasNoChildren \Subscribed) "/" "fruit/apple"
            S: b OK ...
            C: c LIST (SUBSCRIBED RECURSIVEMATCH) "" %
            S: * LIST (\HasChildren) "/" "fruit" ("CHILDINFO" ("SUBSCRIBED"))
            S: * LIST (\NonExistent) "/" "gone" ("CHILDINFO" ("SUBSCRIBED"))
            S: c OK ...
            C: d LIST (SUBSCRIBED RECURSIVEMATCH) "" *
            S: * LIST (\HasNoChildren \Subscribed) "/" "fruit/apple"
            S: * LIST (\NonExistent \Subscribed) "/" "gone/pear"
            S: d OK ...
            C: e LIST (RECURSIVEMATCH) "" *
            S: e BAD RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it ...
            C: f LIST (WRONG) "" *
            S: f BAD Unknown LIST option ...
            """);
    }

    [Fact]
    public async Task Several_patterns_name_each_folder_once()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a LIST "" (inbox Dr% D*)
            S: * LIST (\HasNoChildren) "/" "INBOX"
            S: * LIST (\HasNoChildren \Drafts) "/" "Drafts"
            S: a OK ...
            C: b LIST () "" ""
            S: b OK ...
            C: c LIST (SPECIAL-USE REMOTE) "" (S* INBOX) RETURN (SPECIAL-USE)
            S: * LIST (\HasNoChildren \Sent) "/" "Sent"
            S: c OK ...
            """);
    }

    [Fact]
    public async Task Counts_come_with_the_names()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2);
        await using var _ = server;
        var size = 2 * Mail.Simple("1").Length;
        await client.DoAsync("CREATE top/below");
        await client.DoAsync("DELETE top");
        await client.PlayAsync(
            $"""
            C: a LIST "" INBOX RETURN (STATUS (MESSAGES SIZE DELETED))
            S: * LIST (\HasNoChildren) "/" "INBOX"
            S: * STATUS "INBOX" (MESSAGES 2 SIZE {size} DELETED 0)
            S: a OK ...
            C: b STATUS INBOX (SIZE)
            S: * STATUS "INBOX" (SIZE {size})
            S: b OK ...
            C: c LIST "" top* RETURN (STATUS (MESSAGES))
            S: * LIST (\Noselect \HasChildren) "/" "top"
            S: * LIST (\HasNoChildren) "/" "top/below"
            S: * STATUS "top/below" (MESSAGES 0)
            S: c OK ...
            C: d LIST "" * RETURN (STATUS (COLOUR))
            S: d BAD Unknown STATUS item ...
            """);
    }

    [Fact]
    public async Task A_folder_can_be_made_for_a_use()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a CREATE "Old things" (USE (\Archive))
            S: a OK ...
            C: b LIST (SPECIAL-USE) "" O*
            S: * LIST (\HasNoChildren \Archive) "/" "Old things"
            S: b OK ...
            C: c CREATE x (USE (\All))
            S: c NO [USEATTR] ...
            C: d CREATE x (USE (\Sent \Trash))
            S: d NO [USEATTR] ...
            C: e CREATE x (COLOUR (red))
            S: e BAD Unknown CREATE parameter ...
            C: f CREATE x (USE ())
            S: f OK ...
            C: g DELETE Archive
            S: g OK ...
            C: h DELETE "Old things"
            S: h NO [CANNOT] ...
            """);
    }
}
