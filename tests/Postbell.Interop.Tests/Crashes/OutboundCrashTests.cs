using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Crashes;

/// <summary>kill -9 while mail is taken and leaves: what was promised is sent, and sent once but for what the next server had just taken.</summary>
public sealed class OutboundCrashTests
{
    private const int Rounds = 3;
    private const int Messages = 40;

    // Transactions that can be under way when the server dies (maxConnections).
    private const int Connections = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Mail_that_was_taken_leaves_once_whenever_the_server_is_killed()
    {
        await using var sink = new SmtpSink { Answer = static c => c.StartsWith("RCPT TO:<no@", StringComparison.Ordinal) ? "550 5.1.1 Nobody" : null };
        await using var server = await PostbellServer.PrepareAsync();
        var port = LocalPorts.Run(1);
        await LaunchAsync(server, port, sink);
        var taken = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var mark = $"round{round}-{Guid.NewGuid():N}";
            var person = server.Ready.Person("1001");
            var submitting = SmtpScript.RunAsync("submit_many.py", $"{port}", server.CertificateFile, person.User, person.Password, $"{Messages}", mark);
            // At another moment in each round: while messages come and go.
            var arrived = sink.Messages.Count + Random.Shared.Next(1, Messages / 2);
            await Deadline.UntilAsync(() => sink.Messages.Count >= arrived || submitting.IsCompleted, Limit, "messages on their way");
            await server.KillAsync();
            var run = (await submitting).ShouldSucceed();
            taken.AddRange(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(i => $"{mark}.{i.Trim()}."));
            await LaunchAsync(server, port, sink);
        }

        taken.Count.ShouldBeGreaterThan(Rounds);
        var (lost, wanted) = (taken.Where(IsRefused).ToArray(), taken.Where(m => !IsRefused(m)).ToArray());
        await Deadline.UntilAsync(() => wanted.All(m => Count(sink, m) > 0), Limit, $"every message that was taken at the sink; the server said:\n{server.Errors}");
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person("1001"));
        foreach (var message in lost)
        {
            await Deadline.UntilAsync(async () => (await mailbox.SearchAsync($"TEXT \"{message}\"")).Count > 0 ? mailbox : null, Limit, $"the report about {message}");
        }

        // Nothing is left that could come again.
        await Deadline.UntilAsync(async () => (await server.CommandAsync("queue", "--json")).Output.Contains("\"outbound\"") ? null : server, Limit, "an empty queue");
        wanted.Sum(m => Count(sink, m) - 1).ShouldBeLessThanOrEqualTo(Rounds * Connections);
        foreach (var message in lost)
        {
            (await mailbox.SearchAsync($"TEXT \"{message}\"")).Count.ShouldBe(1, message);
        }
    }

    private static bool IsRefused(string message) => message.Split('.')[1] is [.., '0' or '5'];

    private static int Count(SmtpSink sink, string message) => sink.Messages.Count(m => m.Text.Contains(message, StringComparison.Ordinal));

    private static Task LaunchAsync(PostbellServer server, int port, SmtpSink sink) => server.LaunchWithAsync(
        $"  listen: [\"{server.Ready.Sip}\"]",
        """
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
        """,
        more: $"""
        mailDomain: example.test
        smtp:
          submission: ["127.0.0.1:{port}"]
          submissions: []
          outbound:
            smartHost: 127.0.0.1
            port: {sink.Port}
            tls: None
            maxConnections: {Connections}
        """);
}
