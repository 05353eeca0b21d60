using System.Text.Json;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>imapflow with QRESYNC, UTF8=ACCEPT and COMPRESS: two clients that keep up with each other.</summary>
public sealed class ImapflowSyncTests(SharedServer shared)
{
    [Fact]
    public async Task What_one_client_changes_another_hears_of_and_catches_up_with()
    {
        var server = await shared.StartedAsync();
        var person = server.Ready.Person("1005");
        var folder = Path.Combine(Repository.InteropFolder, "imapflow");
        Directory.Exists(Path.Combine(folder, "node_modules", "imapflow")).ShouldBeTrue($"imapflow is not installed: npm ci --prefix {folder} (./test does it)");
        using var node = ExternalProgram.Start(
            "node", ["sync.mjs", server.Ready.Imap.Address.ToString(), $"{server.Ready.Imap.Port}", person.User, person.Password], folder);
        var errors = node.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var line = await node.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"node ended:\n{await errors}");
        var seen = JsonSerializer.Deserialize<JsonElement>(line);
        seen.GetProperty("compressed").GetBoolean().ShouldBeTrue(line);
        Texts(seen, "enabled").ShouldBe(["CONDSTORE", "QRESYNC", "UTF8=ACCEPT"], line);
        Texts(seen, "names").ShouldBe(["Sync & Größe"], line);
        Texts(seen, "told").ShouldBe(["2"], line);
        Texts(seen, "changed").ShouldBe(["3"], line);
        Texts(seen, "vanished").ShouldBe(["2", "4"], line);
        Texts(seen, "flags").ShouldBe(["3 \\Seen"], line);
        Texts(seen, "flagged").ShouldBe(["5"], line);
        await node.WaitForExitAsync(limit.Token);
    }

    private static string[] Texts(JsonElement seen, string name) => [.. seen.GetProperty(name).EnumerateArray().Select(static e => e.ToString())];
}
