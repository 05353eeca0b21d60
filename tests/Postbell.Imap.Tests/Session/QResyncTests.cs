using System.Globalization;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>QRESYNC, RFC 7162 section 3.2, as a client sees it.</summary>
public sealed class QResyncTests
{
    [Fact]
    public async Task VANISHED_takes_the_place_of_EXPUNGE()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 5);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        await client.PlayAsync(
            """
            C: a ENABLE QRESYNC X-Y
            S: * ENABLED QRESYNC
            S: a OK Enabled
            C: b ENABLE QRESYNC CONDSTORE
            S: * ENABLED
            S: b OK ...
            """);
        await client.DoAsync("SELECT INBOX");
        await client.DoAsync("STORE 2:4 +FLAGS.SILENT (\\Deleted)");
        var (lines, end) = await client.TryAsync("UID EXPUNGE 2:3");
        lines.ShouldBe(["* VANISHED 2:3"]);
        end.ShouldStartWith("OK [HIGHESTMODSEQ ");
        (await other.DoAsync("NOOP")).ShouldContain("* 2 EXPUNGE");
        await other.DoAsync("MOVE 1 Trash");
        (await client.DoAsync("NOOP")).ShouldBe(["* VANISHED 1"]);
        (await client.DoAsync("EXPUNGE")).ShouldBe(["* VANISHED 4"]);
        (await client.TryAsync("EXPUNGE")).End.ShouldBe("OK Deleted messages removed");
        (await client.DoAsync("STORE 1 +FLAGS (\\Seen)"))[0].ShouldStartWith("* 1 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (");
    }

    [Fact]
    public async Task While_EXPUNGE_is_held_back_the_client_is_told_where_it_may_come_back()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 3);
        await using var _ = server;
        await client.DoAsync("ENABLE QRESYNC");
        var start = Highest(await client.DoAsync("SELECT INBOX"));
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1 +FLAGS (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        await other.DoAsync("STORE 1 +FLAGS (\\Flagged)");
        var (lines, end) = await client.TryAsync("FETCH 2 FLAGS");
        lines.ShouldNotContain(l => l.StartsWith("* VANISHED"));
        end.ShouldBe($"OK [HIGHESTMODSEQ {start}] Messages fetched");
        (await client.DoAsync("UID FETCH 2 FLAGS")).ShouldContain("* VANISHED 1");
    }

    [Fact]
    public async Task CLOSE_names_what_the_client_may_come_back_with()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 4);
        await using var _ = server;
        await client.DoAsync("ENABLE QRESYNC");
        var opened = await client.DoAsync("SELECT INBOX");
        var validity = Code(opened, "UIDVALIDITY");
        await client.DoAsync("STORE 1 +FLAGS (\\Deleted)");
        var (silent, end) = await client.TryAsync("CLOSE");
        silent.ShouldBeEmpty();
        end.ShouldMatch(@"^OK \[HIGHESTMODSEQ \d+\] Mailbox left$");
        var known = await client.DoAsync($"SELECT INBOX (QRESYNC ({validity} {Code([end], "HIGHESTMODSEQ")}))");
        known.ShouldNotContain(l => l.Contains("VANISHED") || l.Contains("FETCH"));

        // What another client marked, and this one was not told of, goes too: it must learn of it when it is back.
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 2 +FLAGS (\\Deleted)");
        (silent, end) = await client.TryAsync("CLOSE");
        silent.ShouldBeEmpty();
        (await client.DoAsync($"SELECT INBOX (QRESYNC ({validity} {Code([end], "HIGHESTMODSEQ")}))")).ShouldContain("* VANISHED (EARLIER) 3");
        (await client.TryAsync("CLOSE")).End.ShouldBe("OK Mailbox left");
    }

    [Fact]
    public async Task A_client_catches_up_with_SELECT()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 5);
        await using var _ = server;
        await client.DoAsync("ENABLE QRESYNC");
        var opened = await client.DoAsync("SELECT INBOX");
        var (validity, modSeq) = (Code(opened, "UIDVALIDITY"), Highest(opened));
        var other = await server.ConnectAsAnnAsync(select: true);
        await other.DoAsync("STORE 1,4 +FLAGS (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        await other.DoAsync("STORE 1 +FLAGS (\\Flagged)");
        await server.DeliverAsync(Mail.Simple("6"));
        var back = await client.DoAsync($"SELECT INBOX (QRESYNC ({validity} {modSeq}))");
        back[0].ShouldBe("* OK [CLOSED] The mailbox before is left");
        back.ShouldContain("* 4 EXISTS");
        back.ShouldContain("* VANISHED (EARLIER) 1,4");
        back.Where(l => l.Contains("FETCH")).Select(l => l.Split(" MODSEQ")[0]).ShouldBe(
            ["* 1 FETCH (UID 2 FLAGS (\\Flagged)", "* 4 FETCH (UID 6 FLAGS (\\Recent)"]);

        var some = await client.DoAsync($"EXAMINE INBOX (QRESYNC ({validity} {modSeq} 1:3 (1,2 1,2)))");
        some.ShouldContain("* VANISHED (EARLIER) 1");
        some.Count(l => l.Contains("FETCH")).ShouldBe(1);

        var foreign = await client.DoAsync($"SELECT INBOX (QRESYNC (7 {modSeq} 1:3))");
        foreign.ShouldNotContain(l => l.Contains("FETCH") || l.Contains("VANISHED"));
    }

    [Fact]
    public async Task UID_FETCH_tells_what_vanished_earlier()
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 4);
        await using var _ = server;
        var other = await server.ConnectAsAnnAsync(select: true);
        var start = Highest(await client.DoAsync("EXAMINE INBOX"));
        await client.DoAsync("UNSELECT");
        await other.DoAsync("STORE 1,3 +FLAGS (\\Deleted)");
        await other.DoAsync("EXPUNGE");
        await client.DoAsync("ENABLE QRESYNC");
        await client.DoAsync("SELECT INBOX");
        (await client.DoAsync($"UID FETCH 2:4 (FLAGS) (CHANGEDSINCE {start} VANISHED)")).ShouldBe(["* VANISHED (EARLIER) 3"]);
        (await client.TryAsync($"FETCH 1:2 (FLAGS) (CHANGEDSINCE {start} VANISHED)")).End.ShouldStartWith("BAD");
        (await client.TryAsync("UID FETCH 1:2 (FLAGS) (VANISHED)")).End.ShouldStartWith("BAD");
    }

    [Theory]
    [InlineData("(QRESYNC)")]
    [InlineData("(QRESYNC ())")]
    [InlineData("(QRESYNC (0 1))")]
    [InlineData("(QRESYNC (1 1 *))")]
    [InlineData("(QRESYNC (1 1 1:2 (1)))")]
    [InlineData("(QRESYNC (1 99999999999999999999))")]
    [InlineData("(CONDSTORE")]
    public async Task Malformed_parameters_are_bad_and_leave_the_mailbox_open(string parameters)
    {
        var (server, client) = await ImapServer.StartWithAnnAsync(messages: 1);
        await using var _ = server;
        (await client.TryAsync("SELECT INBOX (QRESYNC (1 1))")).End.ShouldBe("BAD Enable QRESYNC first");
        await client.DoAsync("ENABLE QRESYNC");
        await client.DoAsync("SELECT INBOX");
        (await client.TryAsync("SELECT INBOX " + parameters)).End.ShouldStartWith("BAD");
        await client.DoAsync("CHECK");
    }

    /// <summary>
    /// One client comes and goes while two others change the folder at random. What it knows when it comes back, from VANISHED and FETCH alone,
    /// must be what a client without a past sees, whenever it went and whichever MODSEQ it was told last.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whoever_comes_back_knows_what_a_newcomer_sees(int seed)
    {
        await using var server = await ImapServer.StartAsync();
        for (var i = 0; i < 12; i++)
        {
            await server.DeliverAsync(Mail.Simple($"{i}"));
        }

        var memory = new ClientMemory();
        var random = new Random(seed);
        var changers = new[] { await server.ConnectAsAnnAsync(select: true), await server.ConnectAsAnnAsync(select: true) };
        for (var visit = 0; visit < 8; visit++)
        {
            var client = await server.ConnectAsAnnAsync();
            await client.DoAsync("ENABLE QRESYNC");
            memory.Take(await client.DoAsync("SELECT INBOX" + memory.Parameters));
            await LearnAsync(client, memory);
            for (var step = 0; step < 12; step++)
            {
                await Task.WhenAll(changers.Select((c, i) => ChangeAsync(c, new Random((seed * 1000) + (visit * 100) + (step * 10) + i))));
                memory.Take(await WatchAsync(client, random.Next(5)));
                await LearnAsync(client, memory);
            }

            await client.CloseAsync();
            await Task.WhenAll(changers.Select((c, i) => ChangeAsync(c, new Random(seed + visit + i))));
        }

        var last = await server.ConnectAsAnnAsync();
        await last.DoAsync("ENABLE QRESYNC");
        memory.Take(await last.DoAsync("SELECT INBOX" + memory.Parameters));
        var newcomer = new ClientMemory();
        newcomer.Take(await last.DoAsync("UID FETCH 1:* (FLAGS)"));
        memory.Messages.ShouldBe(newcomer.Messages);
    }

    /// <summary>Asks for what EXISTS has announced, as a client does.</summary>
    private static async Task LearnAsync(ImapClient client, ClientMemory memory)
    {
        while (memory.HasNews)
        {
            var (lines, end) = await client.TryAsync($"UID FETCH {memory.Messages.Keys.LastOrDefault() + 1}:* (FLAGS)");
            memory.HasNews = false;
            memory.Take([.. lines, "* " + end]);
        }
    }

    private static async Task<IReadOnlyList<string>> WatchAsync(ImapClient client, int what)
    {
        var (lines, end) = await client.TryAsync(what switch
        {
            0 => "NOOP",
            1 => "FETCH 1:* (UID FLAGS)",
            2 => "UID SEARCH ALL",
            3 => "UID STORE 1:* +FLAGS.SILENT ($mine)",
            _ => "SEARCH SEEN",
        });
        return [.. lines, "* " + end];
    }

    private static async Task ChangeAsync(ImapClient client, Random random)
    {
        var uid = random.Next(1, 30);
        await client.TryAsync(random.Next(5) switch
        {
            0 => $"UID STORE {uid} +FLAGS (\\Seen)",
            1 => $"UID STORE {uid} -FLAGS (\\Seen)",
            2 => $"UID COPY {uid} INBOX",
            3 => $"UID MOVE {uid} Trash",
            _ => $"UID STORE {uid} FLAGS (\\Flagged)",
        });
    }

    private static string Highest(IEnumerable<string> lines) => Code(lines, "HIGHESTMODSEQ");

    private static string Code(IEnumerable<string> lines, string code) =>
        lines.Last(l => l.Contains($"[{code} ")).Split('[', ']')[1].Split(' ')[1];

    /// <summary>What a client keeps between its visits: flags by UID, and the MODSEQ it may come back with.</summary>
    private sealed class ClientMemory
    {
        private string _validity = "";
        private long _modSeq;

        /// <summary>True when messages have come whose flags are not known.</summary>
        public bool HasNews { get; set; }

        public SortedDictionary<uint, string> Messages { get; } = [];

        public string Parameters => _validity.Length == 0 ? "" : $" (QRESYNC ({_validity} {_modSeq}))";

        public void Take(IReadOnlyList<string> lines)
        {
            var seen = _modSeq;
            foreach (var line in lines)
            {
                if (line.Contains("[UIDVALIDITY "))
                {
                    _validity = Code([line], "UIDVALIDITY");
                }
                else if (line.StartsWith("* VANISHED"))
                {
                    Forget(line.Split(' ')[^1]);
                }
                else if (line.EndsWith(" EXISTS"))
                {
                    HasNews = true;
                }
                else if (line.Contains(" FETCH (UID "))
                {
                    TakeFlags(line);
                    seen = Math.Max(seen, long.Parse(line.Split("MODSEQ (")[1].TrimEnd(')'), CultureInfo.InvariantCulture));
                }
            }

            // A HIGHESTMODSEQ that was told is the server's word; else the highest one seen.
            var told = lines.LastOrDefault(l => l.Contains("[HIGHESTMODSEQ "));
            _modSeq = told is null ? seen : long.Parse(Code([told], "HIGHESTMODSEQ"), CultureInfo.InvariantCulture);
        }

        private void TakeFlags(string line)
        {
            var uid = uint.Parse(line.Split(' ')[4], CultureInfo.InvariantCulture);
            var flags = line.Contains("FLAGS (") ? Flags(line) : Messages.GetValueOrDefault(uid) is { } before ? before + " $mine" : null;
            if (flags is not null)
            {
                Messages[uid] = string.Join(' ', flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal));
            }
        }

        private static string Flags(string line) => line.Split("FLAGS (")[1].Split(')')[0].Replace("\\Recent", "", StringComparison.Ordinal);

        private void Forget(string set)
        {
            foreach (var range in set.Split(',').Select(r => r.Split(':').Select(n => uint.Parse(n, CultureInfo.InvariantCulture)).ToArray()))
            {
                for (var uid = range[0]; uid <= range[^1]; uid++)
                {
                    Messages.Remove(uid);
                }
            }
        }
    }
}
