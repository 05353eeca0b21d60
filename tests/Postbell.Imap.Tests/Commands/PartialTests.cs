using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>PARTIAL, RFC 9394: some of very many results.</summary>
public sealed class PartialTests
{
    [Fact]
    public async Task Results_come_by_their_place_from_the_front_or_the_back()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 9, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SEARCH RETURN (PARTIAL 2:4 COUNT) NOT 3
            S: * ESEARCH (TAG "a") COUNT 8 PARTIAL (2:4 2,4:5)
            S: a OK ...
            C: b UID SEARCH RETURN (PARTIAL -1:-2) ALL
            S: * ESEARCH (TAG "b") UID PARTIAL (-1:-2 8:9)
            S: b OK ...
            C: c SEARCH RETURN (PARTIAL 9:5) ALL
            S: * ESEARCH (TAG "c") PARTIAL (9:5 5:9)
            S: c OK ...
            C: d SEARCH RETURN (PARTIAL 100:200 MIN) ALL
            S: * ESEARCH (TAG "d") MIN 1 PARTIAL (100:200 NIL)
            S: d OK ...
            C: e SEARCH RETURN (PARTIAL -3:-4294967295) ALL
            S: * ESEARCH (TAG "e") PARTIAL (-3:-4294967295 1:7)
            S: e OK ...
            C: f SORT RETURN (PARTIAL 1:3) (REVERSE SUBJECT) UTF-8 ALL
            S: * ESEARCH (TAG "f") PARTIAL (1:3 9,8,7)
            S: f OK ...
            C: g SEARCH RETURN (SAVE PARTIAL 2:3) ALL
            S: * ESEARCH (TAG "g") PARTIAL (2:3 2:3)
            S: g OK ...
            C: h SEARCH $
            S: * SEARCH 2 3
            S: h OK ...
            """);
    }

    [Fact]
    public async Task UID_FETCH_tells_some_of_a_set()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 9, select: true);
        await using var _ = server;
        (await client.DoAsync("UID FETCH 1:* (UID) (PARTIAL -1:-2)")).ShouldBe(["* 8 FETCH (UID 8)", "* 9 FETCH (UID 9)"]);
        (await client.DoAsync("UID FETCH 4:100 (UID) (PARTIAL 2:2 CHANGEDSINCE 0)"))[^1].ShouldStartWith("* 5 FETCH (UID 5 MODSEQ (");
        (await client.DoAsync("UID FETCH 1:* (UID) (PARTIAL 50:60)")).ShouldBeEmpty();
        (await client.TryAsync("FETCH 1:3 (UID) (PARTIAL 1:2)")).End.ShouldBe("BAD PARTIAL is for UID FETCH");
    }

    [Theory]
    [InlineData("PARTIAL")]
    [InlineData("PARTIAL 1")]
    [InlineData("PARTIAL 0:4")]
    [InlineData("PARTIAL 1:-4")]
    [InlineData("PARTIAL -1:4")]
    [InlineData("PARTIAL 1:4 PARTIAL 5:6")]
    [InlineData("ALL PARTIAL 1:4")]
    [InlineData("PARTIAL 1:99999999999")]
    public async Task What_is_no_range_is_refused(string options)
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        (await client.TryAsync($"SEARCH RETURN ({options}) ALL")).End.ShouldStartWith("BAD");
        await client.DoAsync("NOOP");
    }
}
