using Postbell.Imap.Tests.Support;
using Postbell.Mailbox;

namespace Postbell.Imap.Tests.Sharing;

/// <summary>What colleagues do in folders that are shared with them, and what they may not.</summary>
public sealed class SharedMailboxTests
{
    private const string Ann = "\"Other Users/ann\"";

    [Fact]
    public async Task Names_of_others_are_listed_below_their_own_prefix_only_where_they_are_shared()
    {
        await using var server = await ShareAsync("lr");
        var bob = await server.ConnectAsBobAsync();
        (await bob.DoAsync("NAMESPACE")).ShouldBe(["* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\")) ((\"Shared Folders/\" \"/\"))"]);
        (await bob.DoAsync("LIST \"\" \"Other Users/*\"")).ShouldBe(["* LIST (\\HasNoChildren) \"/\" \"Other Users/ann\""]);
        (await bob.DoAsync("LIST \"\" %")).ShouldContain("* LIST (\\Noselect \\HasChildren) \"/\" \"Other Users\"");
        var ann = await server.ConnectAsAnnAsync();
        (await ann.DoAsync("LIST \"\" *")).ShouldNotContain(l => l.Contains("Other Users", StringComparison.Ordinal));
        await ann.DoAsync("SETACL Archive bob l");
        (await bob.DoAsync("LIST \"\" \"Other Users/ann*\" RETURN (STATUS (MESSAGES))")).ShouldBe(
        [
            "* LIST (\\HasChildren) \"/\" \"Other Users/ann\"",
            "* LIST (\\HasNoChildren \\Archive) \"/\" \"Other Users/ann/Archive\"",
            "* STATUS \"Other Users/ann\" (MESSAGES 2)",
        ]);
    }

    [Fact]
    public async Task Who_may_read_reads_and_no_more()
    {
        await using var server = await ShareAsync("lr");
        var bob = await server.ConnectAsBobAsync();
        await bob.PlayAsync(
            $"""
            C: a SELECT {Ann}
            S: * FLAGS ...
            S: * 2 EXISTS
            S: * ... RECENT
            S: * OK [UNSEEN 1] ...
            S: * OK [PERMANENTFLAGS ()] ...
            S: * OK [UIDVALIDITY ...
            S: * OK [UIDNEXT 3] ...
            S: * OK [HIGHESTMODSEQ ...
            S: * OK [MAILBOXID ...
            S: a OK [READ-ONLY] ...
            C: b STORE 1 +FLAGS (\Seen)
            S: b NO [CANNOT] ...
            C: c EXPUNGE
            S: c NO [CANNOT] ...
            C: d COPY 1 {Ann}
            S: d NO [NOPERM] ...
            C: e MOVE 1 INBOX
            S: e NO [CANNOT] ...
            C: f SEARCH SUBJECT 2
            S: * SEARCH 2
            S: f OK ...
            C: g GETACL {Ann}
            S: g NO [NOPERM] ...
            C: h SETACL {Ann} bob a
            S: h NO [NOPERM] ...
            C: i DELETE {Ann}
            S: i NO [NOPERM] ...
            C: j CREATE "Other Users/ann/Mine"
            S: j NO [NOPERM] ...
            C: k RENAME {Ann} "Other Users/ann/Mine"
            S: k NO [NOPERM] ...
            C: l MYRIGHTS {Ann}
            S: * MYRIGHTS "Other Users/ann" lr
            S: l OK ...
            """);
        (await bob.DoAsync("FETCH 1 BODY[HEADER.FIELDS (SUBJECT)]"))[0].ShouldContain("FETCH");
        (await bob.DoAsync("FETCH 1 FLAGS"))[0].ShouldNotContain("Seen");
        (await bob.TryAsync($"APPEND {Ann} {{5+}}\r\na: b\n")).End.ShouldStartWith("NO [NOPERM]");
    }

    [Fact]
    public async Task Each_flag_needs_its_own_right_and_where_one_may_be_changed_that_is()
    {
        await using var server = await ShareAsync("lrs");
        var bob = await server.ConnectAsBobAsync();
        (await bob.DoAsync($"SELECT {Ann}")).ShouldContain(l => l.StartsWith("* OK [PERMANENTFLAGS (\\Seen)]", StringComparison.Ordinal));
        (await bob.DoAsync("STORE 1 +FLAGS (\\Seen \\Flagged)"))[0].ShouldContain("FLAGS (\\Seen");
        (await bob.TryAsync("STORE 1 +FLAGS (\\Deleted)")).End.ShouldStartWith("NO [NOPERM]");
        (await bob.TryAsync("STORE 1 FLAGS (\\Flagged)")).End.ShouldStartWith("NO [NOPERM]");
        (await bob.DoAsync("STORE 1 FLAGS (\\Flagged \\Seen)"))[0].ShouldNotContain("\\Flagged");
        (await bob.TryAsync("EXPUNGE")).End.ShouldStartWith("NO [NOPERM]");
        var ann = await server.ConnectAsAnnAsync(select: true);
        await ann.DoAsync("STORE 2 +FLAGS (\\Deleted \\Answered)");
        // Without the right to expunge CLOSE leaves what is marked.
        await bob.DoAsync("CLOSE");
        (await ann.DoAsync("SEARCH ALL")).ShouldContain("* SEARCH 1 2");
        await bob.DoAsync($"SELECT {Ann}");
        await bob.DoAsync("STORE 2 FLAGS (\\Seen)");
        await ann.DoAsync("NOOP");
        (await ann.DoAsync("FETCH 2 FLAGS")).ShouldContain(l => l.Contains("\\Answered \\Deleted \\Seen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_go_between_mailboxes_with_the_flags_the_person_may_set_there()
    {
        await using var server = await ShareAsync("lrstei");
        var bob = await server.ConnectAsBobAsync();
        await bob.DoAsync($"SELECT {Ann}");
        await bob.DoAsync("STORE 1 +FLAGS (\\Seen)");
        (await bob.TryAsync("COPY 1 INBOX")).End.ShouldMatch(@"^OK \[COPYUID \d+ 1 1\]");
        var moved = await bob.TryAsync("MOVE 2 INBOX");
        moved.End.ShouldStartWith("OK");
        moved.Lines.ShouldContain("* 2 EXPUNGE");
        await bob.DoAsync("SELECT INBOX");
        (await bob.DoAsync("FETCH 1:* (FLAGS ENVELOPE)")).Count.ShouldBe(2);
        await bob.DoAsync("STORE 2 +FLAGS (\\Flagged)");
        (await bob.TryAsync($"MOVE 2 {Ann}")).End.ShouldStartWith("OK");
        var ann = await server.ConnectAsAnnAsync(select: true);
        var flags = await ann.DoAsync("FETCH 1:* (FLAGS)");
        flags.Count.ShouldBe(2);
        flags[1].ShouldNotContain("Flagged");
    }

    [Fact]
    public async Task Messages_are_appended_where_that_is_allowed_with_the_flags_that_are()
    {
        await using var server = await ShareAsync("li");
        var bob = await server.ConnectAsBobAsync();
        (await bob.TryAsync($"APPEND {Ann} (\\Seen \\Flagged) {{6+}}\r\na: b\r\n")).End.ShouldMatch(@"^OK \[APPENDUID \d+ 3\]");
        (await bob.TryAsync($"SELECT {Ann}")).End.ShouldStartWith("NO [NOPERM]");
        (await bob.TryAsync($"STATUS {Ann} (MESSAGES)")).End.ShouldStartWith("NO [NOPERM]");
        var ann = await server.ConnectAsAnnAsync(select: true);
        (await ann.DoAsync("FETCH 3 FLAGS"))[0].ShouldNotContain("Seen");
    }

    [Fact]
    public async Task Who_has_a_shared_folder_open_hears_of_it_and_of_the_end_of_his_rights()
    {
        await using var server = await ShareAsync("lr");
        var bob = await server.ConnectAsBobAsync();
        await bob.DoAsync($"EXAMINE {Ann}");
        await bob.SendAsync("i IDLE\r\n");
        (await bob.ReadLineAsync())!.ShouldStartWith("+");
        await server.DeliverAsync(Mail.Simple("3"));
        (await bob.ReadLineAsync()).ShouldBe("* 3 EXISTS");
        (await bob.ReadLineAsync())!.ShouldEndWith(" RECENT");
        var ann = await server.ConnectAsAnnAsync();
        await ann.DoAsync("DELETEACL INBOX bob");
        (await bob.ReadLineAsync()).ShouldBe("* BYE [NOPERM] The mailbox may not be read any more");
    }

    [Fact]
    public async Task Rights_taken_away_hold_for_the_next_command_already()
    {
        await using var server = await ShareAsync("lrswte");
        var bob = await server.ConnectAsBobAsync();
        await bob.DoAsync($"SELECT {Ann}");
        await server.Store.SetRightsAsync(server.Ann.Id, "INBOX", "bob", _ => FolderRights.Lookup | FolderRights.Read, default);
        (await bob.TryAsync("STORE 1 +FLAGS (\\Flagged)")).End.ShouldStartWith("NO [NOPERM]");
        await server.Store.SetRightsAsync(server.Ann.Id, "INBOX", "bob", _ => FolderRights.None, default);
        var (_, end) = await bob.TryAsync("FETCH 1 BODY[]");
        end.ShouldStartWith("NO [NONEXISTENT]");
    }

    [Fact]
    public async Task A_team_has_its_own_prefix_and_its_members_share_one_state()
    {
        var (server, ann) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        var team = await server.Store.CreateAccountAsync(
            new NewAccount
            {
                UserName = "support", DisplayName = "Support", Attributes = new Dictionary<string, string> { [Account.KindAttribute] = Account.TeamKind },
            },
            default);
        const FolderRights members = FolderRights.All & ~FolderRights.Administer;
        await server.Store.SetRightsAsync(team.Id, "INBOX", "ann", _ => members, default);
        await server.Store.SetRightsAsync(team.Id, "INBOX", "bob", _ => members, default);
        await server.Store.DeliverAsync(team.Id, new MailDelivery { Message = System.Text.Encoding.ASCII.GetBytes(Mail.Simple("call back")), IdempotencyKey = "1" }, default);
        (await ann.DoAsync("LIST \"\" \"Shared Folders/*\"")).ShouldBe(["* LIST (\\HasNoChildren) \"/\" \"Shared Folders/support\""]);
        await ann.DoAsync("SELECT \"Shared Folders/support\"");
        await ann.DoAsync("STORE 1 +FLAGS (\\Seen)");
        await ann.DoAsync("CREATE \"Shared Folders/support/Done\"");
        (await ann.TryAsync("MOVE 1 \"Shared Folders/support/Done\"")).End.ShouldStartWith("OK");
        var bob = await server.ConnectAsBobAsync();
        await bob.DoAsync("SELECT \"Shared Folders/support/Done\"");
        (await bob.DoAsync("FETCH 1 FLAGS"))[0].ShouldContain("\\Seen");
        (await bob.TryAsync("SELECT \"Other Users/support\"")).End.ShouldStartWith("NO [NONEXISTENT]");
        (await bob.TryAsync("RENAME \"Shared Folders/support/Done\" \"Shared Folders/support/Closed\"")).End.ShouldStartWith("OK");
        (await bob.TryAsync("RENAME \"Shared Folders/support/Closed\" Closed")).End.ShouldStartWith("NO [CANNOT]");
        (await bob.TryAsync("DELETE \"Shared Folders/support/Closed\"")).End.ShouldStartWith("OK");
    }

    /// <summary>Ann's INBOX with two messages, Bob with rights to it.</summary>
    private static async Task<ImapServer> ShareAsync(string rights)
    {
        var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Simple("1"));
        await server.DeliverAsync(Mail.Simple("2"));
        FolderRightsText.TryParse(rights, out var given).ShouldBeTrue();
        await server.Store.SetRightsAsync(server.Ann.Id, "INBOX", "bob", _ => given, default);
        return server;
    }
}
