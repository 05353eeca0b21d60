using System.Text;
using Postbell.Imap.Protocol;
using Postbell.Imap.Session;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>Damaged commands, the same ones each run: the parser must name a failure and the session must answer every one.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Seeds =
    [
        "CAPABILITY", "ID (\"name\" \"x\" \"v\" NIL)", "NOOP", "AUTHENTICATE PLAIN AGFubgBjb3JyZWN0IGhvcnNl", "LOGIN ann {5+}\r\nwrong",
        "ENABLE X", "NAMESPACE", "LIST (SPECIAL-USE) \"\" \"%/*\" RETURN (SPECIAL-USE)", "LSUB \"\" *", "STATUS \"Gr&APY-\" (MESSAGES UNSEEN)",
        "SELECT INBOX", "EXAMINE {5+}\r\nInbox", "CREATE \"a/b\"", "DELETE a/b", "RENAME a b", "SUBSCRIBE &AOk-", "UNSUBSCRIBE x",
        "APPEND INBOX (\\Seen x) \"17-Jul-1996 02:44:25 -0700\" {5+}\r\nhello", "CHECK", "UID EXPUNGE 1:*",
        "SEARCH CHARSET UTF-8 OR (SUBJECT {2+}\r\n\u00c3\u00b6 NOT SEEN) UID 1,3:* BEFORE 1-Feb-1994 LARGER 12",
        "FETCH 1:* (UID FLAGS ENVELOPE BODY BODYSTRUCTURE INTERNALDATE RFC822.SIZE BODY.PEEK[1.2.HEADER.FIELDS (From \"To\")]<0.100>)",
        "UID FETCH *:1 BODY[TEXT]", "STORE 1,2,3:* +FLAGS.SILENT (\\Seen $x)", "UID STORE 1 -FLAGS \\Draft x", "COPY 1:* Archive", "UID MOVE 1 Trash",
        "UNSELECT", "CLOSE", "ENABLE QRESYNC CONDSTORE", "SELECT INBOX (CONDSTORE QRESYNC (1700000000 12 1:5,7 (1,3 1,4)))",
        "UID FETCH 1:* (FLAGS MODSEQ) (CHANGEDSINCE 1 VANISHED)", "STORE 1 (UNCHANGEDSINCE 99) +FLAGS.SILENT (\\Seen)",
        "APPEND INBOX {5+}\r\nhello (\\Seen) UTF8 (~{3+}\r\nabc)", "REPLACE 1 Drafts (\\Draft) {5+}\r\nhello", "COMPRESS LZW",
        "NOTIFY SET STATUS (selected-delayed (MessageNew (UID FLAGS) MessageExpunge FlagChange)) (subtree (a \"b\") (MailboxName))", "NOTIFY NONE", "ENABLE UTF8=ACCEPT",
        "SEARCH OR MODSEQ \"/flags/\\\\Seen\" all 2 MODSEQ 5", "STATUS INBOX (HIGHESTMODSEQ APPENDLIMIT)",
        "SEARCH RETURN (MIN MAX COUNT ALL SAVE) CHARSET UTF-8 OR $ NOT OLDER 3600 YOUNGER 60 MODSEQ \"/flags/\\\\Draft\" all 620", "UID FETCH $ FLAGS",
        "SORT RETURN (COUNT ALL) (REVERSE DATE SUBJECT DISPLAYFROM) UTF-8 SUBJECT {2+}\r\n\u00c3\u00b6", "UID SORT (ARRIVAL CC FROM SIZE TO DISPLAYTO) US-ASCII ALL",
        "LIST (SUBSCRIBED RECURSIVEMATCH REMOTE SPECIAL-USE) \"\" (% \"b *\") RETURN (CHILDREN STATUS (SIZE DELETED) SUBSCRIBED)",
        "CREATE \"a/c\" (USE (\\Archive \\Sent))", "FETCH 1 (BINARY.PEEK[1.2]<0.100> BINARY.SIZE[1] BINARY[2] PREVIEW (LAZY) SAVEDATE EMAILID THREADID)", "GETQUOTA \"\"", "GETQUOTAROOT INBOX", "SEARCH RETURN (PARTIAL -1:-100 COUNT) ALL", "UID FETCH 1:* FLAGS (PARTIAL 1:10 CHANGEDSINCE 1)", "SORT RETURN (RELEVANCY) (RELEVANCY) UTF-8 FUZZY (SUBJECT \"a b\" NOT FUZZY TEXT x)",
        "SEARCH SAVEDSINCE 1-Feb-1994 SAVEDATESUPPORTED EMAILID M1-1 THREADID T1-1 LARGER 9999999999", "SETQUOTA \"\" (STORAGE 1)", "APPEND INBOX ~{5+}\r\nhello",
        "STATUS INBOX (MAILBOXID DELETED-STORAGE)", "THREAD REFERENCES UTF-8 SINCE 1-Feb-1994", "UID THREAD ORDEREDSUBJECT US-ASCII ALL",
    ];

    [Fact]
    public void The_parser_takes_any_bytes()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = Damage(random, Seeds[i % Seeds.Length]);
            var command = (byte[])[(byte)'a', (byte)' ', .. bytes];
            if (CommandHead.TryParse(command, new ImapLimits(), out var head, out _))
            {
                Everything(command, head.ArgumentsAt);
            }

            _ = LiteralMark.TryParseAtEnd(command, out _);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("login")]
    [InlineData("select")]
    public async Task The_session_answers_whatever_comes(string state)
    {
        await using var server = await ImapServer.StartAsync(
            ImapServer.Plain with { Limits = new ImapLimits { BadCommands = int.MaxValue, LoginAttempts = int.MaxValue } });
        await server.DeliverAsync(Mail.Voice());
        await server.DeliverAsync(Mail.Forwarded());
        var random = new Random(state.Length + 7);
        var client = await EnterAsync(server, state);
        for (var i = 0; i < 600; i++)
        {
            var bytes = Damage(random, Seeds[random.Next(Seeds.Length)]);

            // Anything that would wait for a literal is not a whole command.
            if (EndsOpen(bytes) || bytes.AsSpan().IndexOf("IDLE"u8) >= 0)
            {
                continue;
            }

            await client.SendAsync($"f{i} {Encoding.Latin1.GetString(bytes)}\r\nz{i} NOOP\r\n");
            if (!await ReachesAsync(client, $"z{i} OK"))
            {
                client = await EnterAsync(server, state);
            }
        }

        server.Statistics.Commands.ShouldNotContain(c => c.Command == "unknown" && c.Outcome == ImapOutcome.Ok);
    }

    private static async Task<ImapClient> EnterAsync(ImapServer server, string state)
    {
        if (state.Length > 0)
        {
            return await server.ConnectAsAnnAsync(select: state == "select");
        }

        var client = server.Connect();
        await client.ReadLineAsync();
        return client;
    }

    /// <summary>False when the server closed, which it may do only after BYE.</summary>
    private static async Task<bool> ReachesAsync(ImapClient client, string start)
    {
        var bye = false;
        while (await client.ReadLineAsync() is { } line)
        {
            line.ShouldNotContain("SERVERBUG");
            bye |= line.StartsWith("* BYE", StringComparison.Ordinal);
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return true;
            }
        }

        bye.ShouldBeTrue("closed without BYE");
        return false;
    }

    private static bool EndsOpen(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        return text.Contains('{', StringComparison.Ordinal) && text.Split('\n').Any(l => l.TrimEnd('\r').EndsWith('}'));
    }

    private static void Everything(byte[] command, int at)
    {
        var limits = new ImapLimits();
        var reader = new CommandReader(command, limits, at);
        Check(FetchRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(SearchRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(StoreRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(SelectRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(StatusRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(ListRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(AppendRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(SortRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(CreateRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(ThreadRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at, utf8Names: true);
        Check(ReplaceRequest.TryParse(ref reader, out _), reader);
        reader = new CommandReader(command, limits, at);
        Check(NotifyRequest.TryParse(ref reader, out _), reader);
    }

    private static void Check(bool parsed, CommandReader after) => (after.Failure == ParseFailure.None).ShouldBe(parsed);

    private static byte[] Damage(Random random, string seed)
    {
        var bytes = Encoding.Latin1.GetBytes(seed).ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 1; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, "(){}[]<>\"\\*%&,:. 0"u8[random.Next(18)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(8, bytes.Count - at)));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }
}
