using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>NOTIFY, RFC 5465.</summary>
public sealed class NotifyTests
{
    [Fact]
    public async Task Changes_of_the_selected_mailbox_are_told_between_commands_with_what_was_asked_of_new_messages()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        await client.DoAsync("NOTIFY SET (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange))");
        await server.DeliverAsync(Mail.Simple("3"));
        (await client.ReadLineAsync()).ShouldBe("* 3 EXISTS");
        (await client.ReadLineAsync()).ShouldBe("* 3 RECENT");
        (await client.ReadLineAsync()).ShouldBe("* 3 FETCH (UID 3 FLAGS (\\Recent))");
        var other = await server.ConnectAsAnnAsync(select: true);
        await client.SendAsync("i IDLE\r\n");
        (await client.ReadLineAsync()).ShouldBe("+ Idling");
        await server.DeliverAsync(Mail.Simple("4"));
        (await client.ReadLineAsync()).ShouldBe("* 4 EXISTS");
        await client.ReadLineAsync();
        (await client.ReadLineAsync()).ShouldStartWith("* 4 FETCH (UID 4 FLAGS (");
        await client.SendAsync("DONE\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("i OK");
        await other.DoAsync("STORE 1 +FLAGS (\\Deleted)");
        (await client.ReadLineAsync()).ShouldBe("* 1 FETCH (FLAGS (\\Deleted \\Recent))");
        await other.DoAsync("EXPUNGE");
        (await client.ReadLineAsync()).ShouldBe("* 1 EXPUNGE");
        await client.DoAsync("NOTIFY NONE");
        await other.DoAsync("STORE 1 +FLAGS (\\Seen)");
        (await client.DoAsync("NOOP")).ShouldBe(["* 1 FETCH (FLAGS (\\Seen \\Recent))"]);
    }

    [Fact]
    public async Task With_selected_delayed_EXPUNGE_waits_for_a_command_that_may_tell_it()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        await client.DoAsync("NOTIFY SET (selected-delayed (MessageNew MessageExpunge))");
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("UID MOVE 1 Trash");
        await server.DeliverAsync(Mail.Simple("3"));
        (await client.ReadLineAsync()).ShouldBe("* 3 EXISTS");
        await client.ReadLineAsync();
        (await client.DoAsync("NOOP")).ShouldContain("* 1 EXPUNGE");
    }

    [Fact]
    public async Task What_was_not_asked_for_of_the_selected_mailbox_waits_until_it_is()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 2, select: true);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await client.DoAsync("NOTIFY SET (inboxes (MessageNew MessageExpunge))");
        await server.DeliverAsync(Mail.Simple("3"));
        await other.DoAsync("STORE 1 +FLAGS (\\Flagged)");
        (await client.DoAsync("NOOP")).ShouldBeEmpty();
        (await client.DoAsync("FETCH 1 FLAGS")).ShouldBe(["* 1 FETCH (FLAGS (\\Flagged \\Recent))"]);
        await other.DoAsync("STORE 2 +FLAGS (\\Answered)");
        await client.DoAsync("NOTIFY SET (selected (MessageNew MessageExpunge))");
        (await client.DoAsync("NOOP")).ShouldNotContain(l => l.Contains("FETCH"));
        (await client.DoAsync("FETCH 3 UID"))[^1].ShouldBe("* 3 FETCH (UID 3)");
        (await client.DoAsync("NOTIFY NONE")).ShouldContain(l => l.StartsWith("* 2 FETCH (FLAGS (\\Answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counts_of_other_mailboxes_are_told_at_once_and_the_first_group_that_fits_decides()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1);
        await using var _ = server;
        await client.DoAsync("CREATE Work/A");
        await client.PlayAsync(
            """
            C: a NOTIFY SET STATUS (mailboxes Junk NONE) (subtree Work (MessageNew MessageExpunge)) (inboxes (MessageNew MessageExpunge FlagChange))
            S: * STATUS "INBOX" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY ... UNSEEN 1)
            S: * STATUS "Work" (MESSAGES 0 ...)
            S: * STATUS "Work/A" (MESSAGES 0 ...)
            S: a OK Notifying
            """);
        await server.DeliverAsync(Mail.Simple("x"), "Junk");
        await server.DeliverAsync(Mail.Simple("x"), "Trash");
        await server.DeliverAsync(Mail.Simple("x"), "Work/A");
        (await client.ReadLineAsync()).ShouldStartWith("* STATUS \"Work/A\" (MESSAGES 1 UIDNEXT 2");
        await client.DoAsync("ENABLE CONDSTORE");
        await server.DeliverAsync(Mail.Simple("x"));
        (await client.ReadLineAsync())!.ShouldMatch("^\\* STATUS \"INBOX\" \\(MESSAGES 2 UIDNEXT 3 UIDVALIDITY [0-9]+ UNSEEN 2 HIGHESTMODSEQ [0-9]+\\)$");
    }

    [Fact]
    public async Task Mailboxes_made_renamed_subscribed_to_and_deleted_are_told_also_during_IDLE()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync();
        await client.DoAsync("NOTIFY SET (personal (MailboxName SubscriptionChange))");
        await other.DoAsync("CREATE One");
        (await client.ReadLineAsync()).ShouldBe("* LIST () \"/\" \"One\"");
        await other.DoAsync("SUBSCRIBE One");
        (await client.ReadLineAsync()).ShouldBe("* LIST (\\Subscribed) \"/\" \"One\"");
        await client.SendAsync("i IDLE\r\n");
        (await client.ReadLineAsync()).ShouldBe("+ Idling");
        await other.DoAsync("UNSUBSCRIBE One");
        (await client.ReadLineAsync()).ShouldBe("* LIST () \"/\" \"One\"");
        await other.DoAsync("RENAME One Two");
        (await client.ReadLineAsync()).ShouldBe("* LIST () \"/\" \"Two\" (\"OLDNAME\" (\"One\"))");
        await other.DoAsync("DELETE Two");
        (await client.ReadLineAsync()).ShouldBe("* LIST (\\NonExistent) \"/\" \"Two\"");
        await client.SendAsync("DONE\r\n");
        (await client.ReadLineAsync()).ShouldStartWith("i OK");
    }

    [Theory]
    [InlineData("NOTIFY", "BAD")]
    [InlineData("NOTIFY SET", "BAD")]
    [InlineData("NOTIFY GET (personal NONE)", "BAD")]
    [InlineData("NOTIFY SET (everywhere NONE)", "BAD")]
    [InlineData("NOTIFY SET (3 NONE)", "BAD")]
    [InlineData("NOTIFY SET (personal (MessageNew))", "BAD New and gone messages")]
    [InlineData("NOTIFY SET (personal (FlagChange))", "BAD New and gone messages")]
    [InlineData("NOTIFY SET (subtree NONE)", "BAD")]
    [InlineData("NOTIFY SET (selected (MessageNew (NOTHING) MessageExpunge))", "BAD Unknown FETCH item")]
    [InlineData("NOTIFY SET (personal (AnnotationChange))", "NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange)]")]
    [InlineData("NOTIFY SET (mailboxes (INBOX \"A b\") (MailboxName)) ", "OK")]
    public async Task What_cannot_be_told_is_refused(string command, string answer)
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        (await client.TryAsync(command)).End.ShouldStartWith(answer);
    }
}
