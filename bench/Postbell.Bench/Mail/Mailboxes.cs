using System.Net;
using System.Text.Json;
using Postbell.Bench.Load;
using Postbell.Bench.Measuring;
using Postbell.Bench.Sockets;

namespace Postbell.Bench.Mail;

/// <summary>What was found in the mailboxes after a run.</summary>
internal sealed record MailFindings(int Expected, int Found, int Sampled, int FramesChecked, int FramesLost, int NotComparable);

/// <summary>The mailboxes the calls went to, with the names and passwords of the server's ready line.</summary>
internal sealed class Mailboxes(IPEndPoint imap, string readyFile)
{
    private readonly (string Number, string User, string Password)[] _people = Read(readyFile);

    /// <summary>Waits until every call's message is there, then compares a sample of them with what was sent.</summary>
    public async Task<MailFindings> CheckAsync(LoadEngine engine, string runName, int sample, TimeSpan within)
    {
        var calls = engine.Calls.Where(c => c.State == CallState.Done).ToDictionary(engine.CallIdOf);
        var until = Libc.Now() + (long)(within.TotalMilliseconds * 1e6);
        int found, sampled = 0, frames = 0, lost = 0, strange = 0;
        do
        {
            await Task.Delay(500);
            found = 0;
            foreach (var person in _people)
            {
                using var session = await MailSession.OpenAsync(imap, person.User, person.Password);
                found += (await session.SearchAsync($"HEADER X-CallID \"{runName}x\"")).Length;
            }
        }
        while (found < calls.Count && Libc.Now() < until);

        foreach (var person in _people)
        {
            using var session = await MailSession.OpenAsync(imap, person.User, person.Password);
            var uids = await session.SearchAsync($"HEADER X-CallID \"{runName}x\"");
            var step = Math.Max(1, uids.Length * _people.Length / Math.Max(1, sample));
            for (var i = 0; i < uids.Length && sampled < sample; i += step, sampled++)
            {
                var message = await session.FetchAsync(uids[i]);
                var sent = engine.Rtp.SentBy(calls[SipTexts.Header(message, "X-CallID: ")]);
                frames += sent.Length / SpeechSource.FrameBytes;
                if (RecordedAudio.CountLost(message, sent) is { } missing)
                {
                    lost += missing;
                }
                else
                {
                    strange++;
                }
            }
        }

        return new MailFindings(calls.Count, found, sampled, frames, lost, strange);
    }

    /// <summary>Empties all of them.</summary>
    public async Task PurgeAsync()
    {
        foreach (var person in _people)
        {
            using var session = await MailSession.OpenAsync(imap, person.User, person.Password);
            await session.PurgeAsync();
        }
    }

    /// <summary>From the BYE of each call to the EXISTS that told of its message.</summary>
    public async Task<Spread> WatchAsync(LoadEngine engine, Func<Task> run, TimeSpan within)
    {
        using var end = new CancellationTokenSource();
        var seen = new List<(int Count, long At)>[_people.Length];
        var watches = new List<Task>();
        var sessions = new List<MailSession>();
        for (var i = 0; i < _people.Length; i++)
        {
            var list = seen[i] = [];
            var session = await MailSession.OpenAsync(imap, _people[i].User, _people[i].Password);
            sessions.Add(session);
            watches.Add(Task.Run(() => session.WatchAsync(
                count =>
                {
                    lock (list)
                    {
                        list.Add((count, Libc.Now()));
                    }
                },
                end.Token)));
        }

        await Task.Delay(300);
        await run();
        await Task.Delay(within);
        await end.CancelAsync();
        await Task.WhenAll(watches);
        sessions.ForEach(s => s.Dispose());
        return await MatchAsync(engine, seen);
    }

    private async Task<Spread> MatchAsync(LoadEngine engine, List<(int Count, long At)>[] seen)
    {
        var spread = new Spread();
        var calls = engine.Calls.Where(c => c.EndedAt > 0).ToDictionary(engine.CallIdOf);
        for (var i = 0; i < _people.Length; i++)
        {
            using var session = await MailSession.OpenAsync(imap, _people[i].User, _people[i].Password);
            foreach (var (number, callId) in await session.CallIdsAsync())
            {
                if (calls.TryGetValue(callId, out var call) && seen[i].FirstOrDefault(s => s.Count >= number) is { At: > 0 } told)
                {
                    spread.Add((told.At - call.EndedAt) / 1e6);
                }
            }
        }

        return spread;
    }

    private static (string Number, string User, string Password)[] Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return [.. document.RootElement.GetProperty("people").EnumerateArray()
            .Select(p => (p.GetProperty("number").GetString()!, p.GetProperty("user").GetString()!, p.GetProperty("password").GetString()!))];
    }
}
