using Postbell.Imap.Tests.Support;
using Postbell.Mailbox;

namespace Postbell.Imap.Tests.Sharing;

/// <summary>The commands about rights (RFC 4314).</summary>
public sealed class AclTests
{
    [Fact]
    public async Task Rights_are_given_told_changed_and_taken_away()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SETACL INBOX bob lrs
            S: a OK Rights set
            C: b SETACL INBOX bob +wi
            S: b OK ...
            C: c SETACL INBOX anyone l
            S: c OK ...
            C: d GETACL INBOX
            S: * ACL "INBOX" "ann" lrswipkxteacd "anyone" l "bob" lrswi
            S: d OK ...
            C: e SETACL INBOX bob -sw
            S: e OK ...
            C: f DELETEACL INBOX anyone
            S: f OK ...
            C: g GETACL inbox
            S: * ACL "INBOX" "ann" lrswipkxteacd "bob" lri
            S: g OK ...
            C: h LISTRIGHTS INBOX bob
            S: * LISTRIGHTS "INBOX" "bob" "" l r s w i p k x t e a
            S: h OK ...
            C: i LISTRIGHTS INBOX ann
            S: * LISTRIGHTS "INBOX" "ann" lrswipkxtea
            S: i OK ...
            C: j MYRIGHTS INBOX
            S: * MYRIGHTS "INBOX" lrswipkxteacd
            S: j OK ...
            """);
    }

    [Fact]
    public async Task Old_letters_stand_for_those_that_took_their_place()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("SETACL Sent bob cd");
        (await client.DoAsync("GETACL Sent"))[0].ShouldEndWith("\"bob\" kxtecd");
    }

    [Fact]
    public async Task What_cannot_be_given_is_refused_with_the_reason()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SETACL INBOX bob lrz
            S: a BAD Rights are letters of lrswipkxtea ...
            C: b SETACL INBOX -bob l
            S: b NO [CANNOT] ...
            C: c SETACL INBOX nobody l
            S: c NO [NONEXISTENT] Nobody has that name
            C: d SETACL Nowhere bob l
            S: d NO [NONEXISTENT] There is no such mailbox
            C: e SETACL INBOX ann l
            S: e NO [NOPERM] ...
            C: f SETACL INBOX bob
            S: f BAD ...
            C: g GETACL
            S: g BAD ...
            C: h MYRIGHTS Nowhere
            S: h NO [NONEXISTENT] ...
            """);
    }

    [Fact]
    public async Task A_new_folder_is_open_to_whom_the_one_above_it_is_and_others_are_not()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("CREATE Project");
        await client.DoAsync("SETACL Project bob lr");
        await client.DoAsync("SETACL INBOX bob lr");
        await client.DoAsync("CREATE Project/Plans");
        await client.DoAsync("CREATE Private");
        (await client.DoAsync("GETACL Project/Plans"))[0].ShouldEndWith("\"bob\" lr");
        (await client.DoAsync("GETACL Private"))[0].ShouldNotContain("bob");
    }

    [Fact]
    public async Task Rights_go_with_the_person_they_were_given_to()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync();
        await using var _ = server;
        await client.DoAsync("SETACL INBOX bob lr");
        await server.Store.DeleteAccountAsync(server.Bob.Id, default);
        await server.Store.CreateAccountAsync(new NewAccount { UserName = "bob", DisplayName = "Another Bob", Password = ImapServer.Password }, default);
        (await client.DoAsync("GETACL INBOX"))[0].ShouldNotContain("bob");
        var bob = await server.ConnectAsBobAsync();
        (await bob.TryAsync("SELECT \"Other Users/ann\"")).End.ShouldStartWith("NO [NONEXISTENT]");
    }
}
