using System.Text.Json;
using Postbell.SignIn;

namespace Postbell.Server.Metrics;

/// <summary>Who signed in and who was kept out, at every door.</summary>
internal static class SignInMetrics
{
    /// <summary>Adds the families.</summary>
    public static void Write(PrometheusText text, SignInGuard guard)
    {
        text.Family("um_sign_ins_total", "counter", "Tries to sign in, by door and by what came of them.");
        foreach (var (door, verdict, count) in guard.Statistics.Tries)
        {
            text.Sample("um_sign_ins_total", count, ("door", Word(door.ToString())), ("result", Word(verdict.ToString())));
        }

        text.Family("um_sign_in_locks_total", "counter", "Locks set because of wrong secrets: account (for strangers), pair (one network of a person) or source.");
        foreach (var (kind, count) in guard.Statistics.Locks)
        {
            text.Sample("um_sign_in_locks_total", count, ("kind", kind));
        }

        text.Single("um_sign_in_locks", "gauge", "Locks that hold now.", guard.Locks.Count);
    }

    private static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
