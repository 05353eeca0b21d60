using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>What one search may cost.</summary>
public sealed class SearchLimitTests
{
    [Fact]
    public async Task More_messages_than_allowed_are_not_put_in_order()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { Limits = new ImapLimits { OrderedMessages = 2 } });
        for (var i = 0; i < 3; i++)
        {
            await server.DeliverAsync(Mail.Simple($"{i}"));
        }

        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a SORT (DATE) UTF-8 ALL
            S: a NO [LIMIT] There are too many messages to put in order, ...
            C: b THREAD REFERENCES UTF-8 ALL
            S: b NO [LIMIT] ...
            C: c SORT (SUBJECT) UTF-8 2:3
            S: * SORT 2 3
            S: c OK ...
            """);
    }

    [Fact]
    public async Task A_search_without_time_is_refused_and_saves_nothing()
    {
        await using var server = await ImapServer.StartAsync(ImapServer.Plain with { SearchTimeout = TimeSpan.Zero });
        await server.DeliverAsync(Mail.Simple("one"));
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a SEARCH RETURN (SAVE) 1
            S: a OK ...
            C: b SEARCH RETURN (SAVE) BODY hello
            S: b NO [LIMIT] The search took too long, ...
            C: c SEARCH $
            S: * SEARCH
            S: c OK ...
            C: d SORT (DATE) UTF-8 ALL
            S: d NO [LIMIT] ...
            """);
    }
}
