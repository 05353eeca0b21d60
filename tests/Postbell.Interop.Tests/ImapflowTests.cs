using System.Diagnostics;
using System.Text.Json;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A Node program with imapflow, as web mail is built on.</summary>
public sealed class ImapflowTests(SharedServer shared)
{
    private const string Called = "1004";

    [Fact]
    public async Task A_client_in_IDLE_sees_a_voice_message_arrive()
    {
        var server = await shared.StartedAsync();
        var person = server.Ready.Person(Called);
        var folder = Path.Combine(Repository.InteropFolder, "imapflow");
        Directory.Exists(Path.Combine(folder, "node_modules", "imapflow")).ShouldBeTrue($"imapflow is not installed: npm ci --prefix {folder} (./test does it)");
        using var node = ExternalProgram.Start(
            "node", ["idle.mjs", server.Ready.Imap.Address.ToString(), $"{server.Ready.Imap.Port}", person.User, person.Password], folder);
        try
        {
            var errors = node.StandardError.ReadToEndAsync();
            (await LineAsync(node, errors)).GetProperty("waiting").GetBoolean().ShouldBeTrue();

            await using var phone = new TestPhone(server.Ready.Sip);
            await using var call = await phone.CallAsync(Called);
            await call.HearBeepAsync();
            await call.SpeakAsync(await Speech.SentenceAsync(2));
            await call.HangUpAsync();
            var ended = Stopwatch.GetTimestamp();
            var arrived = (await LineAsync(node, errors)).GetProperty("arrived");
            Stopwatch.GetElapsedTime(ended).ShouldBeLessThan(TimeSpan.FromSeconds(5));
            arrived.GetArrayLength().ShouldBe(1);
            arrived[0].GetProperty("callId").GetString().ShouldBe(call.CallId);
            arrived[0].GetProperty("audioParts").GetInt32().ShouldBe(1);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<JsonElement> LineAsync(Process node, Task<string> errors)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var line = await node.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"node ended:\n{await errors}");
        return JsonSerializer.Deserialize<JsonElement>(line);
    }
}
