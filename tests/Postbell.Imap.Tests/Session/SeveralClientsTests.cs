using System.Globalization;
using System.Text.RegularExpressions;
using Postbell.Imap.Tests.Support;

namespace Postbell.Imap.Tests.Session;

/// <summary>
/// Several clients change one folder at random. Each keeps the list of UIDs that EXISTS and EXPUNGE alone let it have; whenever it fetches,
/// the list must be right: that is what RFC 3501 section 7.4.1 promises.
/// </summary>
public sealed partial class SeveralClientsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_client_can_trust_its_sequence_numbers(int seed)
    {
        await using var server = await ImapServer.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await server.DeliverAsync(Mail.Simple($"{i}"));
        }

        var clients = new List<Mirror>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await Mirror.OpenAsync(await server.ConnectAsAnnAsync()));
        }

        await Task.WhenAll(clients.Select((c, i) => RunAsync(c, new Random((seed * 100) + i))));
        foreach (var client in clients)
        {
            await client.DoAsync("NOOP");
            await client.DoAsync("NOOP");
            await client.CheckAsync();
        }

        clients.Select(c => string.Join(',', c.Uids)).Distinct().ShouldHaveSingleItem();
    }

    private static async Task RunAsync(Mirror client, Random random)
    {
        for (var step = 0; step < 60; step++)
        {
            var one = client.Uids.Count > 0 ? random.Next(1, client.Uids.Count + 1) : 0;
            switch (random.Next(9))
            {
                case 0 or 1:
                    var message = Mail.Simple("new");
                    await client.DoAsync($"APPEND INBOX {{{message.Length}+}}\r\n{message}");
                    break;
                case 2 when one > 0:
                    await client.DoAsync($"STORE {one} +FLAGS (\\Deleted)", mayBeGone: true);
                    break;
                case 3:
                    await client.DoAsync("EXPUNGE");
                    break;
                case 4 when one > 0:
                    await client.DoAsync($"MOVE {one} Trash", mayBeGone: true);
                    break;
                case 5 when one > 0:
                    await client.DoAsync($"COPY {one} INBOX", mayBeGone: true);
                    break;
                case 6:
                    await client.DoAsync("UID SEARCH ALL");
                    break;
                case 7:
                    await client.DoAsync("NOOP");
                    break;
                default:
                    await client.CheckAsync();
                    break;
            }
        }
    }

    /// <summary>What a client knows of the folder.</summary>
    private sealed partial class Mirror(ImapClient client)
    {
        /// <summary>UIDs by sequence number; zero where the client has not asked yet.</summary>
        public List<uint> Uids { get; } = [];

        public static async Task<Mirror> OpenAsync(ImapClient client)
        {
            var mirror = new Mirror(client);
            mirror.Take(await client.DoAsync("SELECT INBOX"));
            await mirror.CheckAsync();
            return mirror;
        }

        public async Task DoAsync(string command, bool mayBeGone = false)
        {
            var (lines, end) = await client.TryAsync(command);
            (end.StartsWith("OK", StringComparison.Ordinal) || (mayBeGone && end.Contains("EXPUNGEISSUED", StringComparison.Ordinal))).ShouldBeTrue(end);
            Take(lines);
        }

        public async Task CheckAsync()
        {
            if (Uids.Count == 0)
            {
                return;
            }

            var (lines, _) = await client.TryAsync("FETCH 1:* UID");
            foreach (var fetch in lines.Select(l => FetchUid().Match(l)).Where(m => m.Success))
            {
                var number = int.Parse(fetch.Groups["number"].Value, CultureInfo.InvariantCulture);
                var uid = uint.Parse(fetch.Groups["uid"].Value, CultureInfo.InvariantCulture);
                number.ShouldBeLessThanOrEqualTo(Uids.Count);
                (Uids[number - 1] == 0 || Uids[number - 1] == uid).ShouldBeTrue($"{number} was {Uids[number - 1]} and is {uid}");
                Uids[number - 1] = uid;
            }

            lines.ShouldNotContain(l => l.EndsWith("EXPUNGE", StringComparison.Ordinal));
            Take(lines);
        }

        private void Take(IEnumerable<string> lines)
        {
            foreach (var change in lines.Select(l => Change().Match(l)).Where(m => m.Success))
            {
                var number = int.Parse(change.Groups["number"].Value, CultureInfo.InvariantCulture);
                if (change.Groups["what"].Value == "EXPUNGE")
                {
                    Uids.RemoveAt(number - 1);
                }
                else
                {
                    number.ShouldBeGreaterThanOrEqualTo(Uids.Count, "EXISTS never takes messages away");
                    Uids.AddRange(Enumerable.Repeat(0u, number - Uids.Count));
                }
            }
        }

        [GeneratedRegex(@"^\* (?<number>\d+) (?<what>EXISTS|EXPUNGE)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
        private static partial Regex Change();

        [GeneratedRegex(@"^\* (?<number>\d+) FETCH \(UID (?<uid>\d+)\)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
        private static partial Regex FetchUid();
    }
}
