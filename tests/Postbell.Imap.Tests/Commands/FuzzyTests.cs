using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Commands;

/// <summary>SEARCH=FUZZY, RFC 6203.</summary>
public sealed class FuzzyTests
{
    [Fact]
    public async Task Words_are_found_in_any_order_and_with_other_endings()
    {
        await using var server = await ImapServer.StartAsync();
        await server.DeliverAsync(Mail.Simple("The invoices of March"));
        await server.DeliverAsync(Mail.Simple("Invoice for marching"));
        await server.DeliverAsync(Mail.Simple("march invoice"));
        await server.DeliverAsync(Mail.Simple("Marching orders"));
        await server.DeliverAsync(Mail.Simple("lunch", "The invoice of March is late."));
        var client = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a SEARCH SUBJECT "march invoice"
            S: * SEARCH 3
            S: a OK ...
            C: b SEARCH FUZZY SUBJECT "march invoice"
            S: * SEARCH 1 2 3
            S: b OK ...
            C: c SEARCH FUZZY (TEXT "march invoice" NOT SUBJECT lunches)
            S: * SEARCH 1 2 3
            S: c OK ...
            C: d SEARCH RETURN (ALL RELEVANCY) FUZZY TEXT "march invoices"
            S: * ESEARCH (TAG "d") ALL 1:3,5 RELEVANCY (70 40 40 40)
            S: d OK ...
            C: e UID SEARCH RETURN (RELEVANCY COUNT) FUZZY SUBJECT "march invoice"
            S: * ESEARCH (TAG "e") UID COUNT 3 RELEVANCY (70 70 100)
            S: e OK ...
            C: f SORT (RELEVANCY REVERSE SUBJECT) UTF-8 FUZZY SUBJECT "march invoice"
            S: * SORT 3 1 2
            S: f OK ...
            C: g SORT RETURN (ALL RELEVANCY) (REVERSE RELEVANCY ARRIVAL) UTF-8 FUZZY SUBJECT "march invoice"
            S: * ESEARCH (TAG "g") ALL 1:3 RELEVANCY (70 70 100)
            S: g OK ...
            C: h SEARCH FUZZY SEEN
            S: * SEARCH
            S: h OK ...
            C: i SEARCH RETURN (RELEVANCY) FUZZY SUBJECT zebra
            S: * ESEARCH (TAG "i")
            S: i OK ...
            """);
    }

    [Fact]
    public async Task Relevancy_without_FUZZY_is_refused()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1, select: true);
        await using var _ = server;
        await client.PlayAsync(
            """
            C: a SEARCH RETURN (RELEVANCY) SUBJECT x
            S: a BAD RELEVANCY needs FUZZY among the search keys ...
            C: b SORT (RELEVANCY) UTF-8 SUBJECT x
            S: b BAD RELEVANCY needs FUZZY among the search keys ...
            C: c SEARCH FUZZY
            S: c BAD ...
            """);
    }
}
