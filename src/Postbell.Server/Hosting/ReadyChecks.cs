using Postbell.Media.Recording;
using Postbell.Server.Http;

namespace Postbell.Server.Hosting;

/// <summary>The conditions of being ready, asked anew each time. A check that hangs or throws has failed.</summary>
internal sealed class ReadyChecks
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private readonly List<(string Name, Func<CancellationToken, Task<string>> Ask)> _checks = [];

    /// <summary>Adds the conditions of a whole server.</summary>
    public static void AddAll(ServerParts parts)
    {
        parts.Checks.Add("store", async cancellation =>
        {
            if (!parts.Store.IsHealthy)
            {
                throw new InvalidOperationException($"takes no writes: {parts.Store.Fault}");
            }

            return $"{(await parts.Store.ListAccountsAsync(cancellation)).Count} accounts";
        });
        parts.Checks.Add("journal", _ => parts.Journal is { Healthy: true, Refusal: JournalRefusal.None }
            ? Task.FromResult($"{parts.Journal.Statistics.OpenRecordings} recordings")
            : throw new InvalidOperationException($"takes no recordings: {parts.Journal.Refusal}"));
        parts.Checks.Add("sip", _ => parts.Telephone.Service.Calls.IsClosed
            ? throw new InvalidOperationException("takes no new calls: the server is stopping")
            : Task.FromResult($"{parts.Telephone.Sip.Bound.Count} listeners, {parts.ActiveCalls} calls"));
    }

    /// <summary>Adds a condition: the delegate returns a detail for people when it holds, and throws with the reason when not.</summary>
    public void Add(string name, Func<CancellationToken, Task<string>> ask) => _checks.Add((name, ask));

    /// <summary>Asks all of them at once.</summary>
    public Task<Check[]> RunAsync(CancellationToken cancellation) => Task.WhenAll(_checks.Select(check => AskAsync(check.Name, check.Ask, cancellation)));

    private static async Task<Check> AskAsync(string name, Func<CancellationToken, Task<string>> ask, CancellationToken cancellation)
    {
        try
        {
            return new Check(name, true, await ask(cancellation).WaitAsync(s_limit, cancellation));
        }
        catch (TimeoutException)
        {
            return new Check(name, false, $"no answer within {s_limit.TotalSeconds:0} s");
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            return new Check(name, false, fault.Message);
        }
    }
}
