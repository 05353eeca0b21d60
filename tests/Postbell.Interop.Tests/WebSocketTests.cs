using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests;

/// <summary>SIP over WebSocket (RFC 7118) with SIP.js, the library that telephones in browsers are made with.</summary>
public sealed class WebSocketTests
{
    private const string Called = "1001";

    [Fact]
    public async Task SIP_js_asks_calls_speaks_and_presses_keys_over_WebSocket()
    {
        const string User = "sipjs-phone";
        var folder = Path.Combine(Repository.InteropFolder, "websocket");
        System.IO.Directory.Exists(Path.Combine(folder, "node_modules", "sip.js")).ShouldBeTrue($"sip.js is not installed: npm ci --prefix {folder} (./test does it)");
        await using var server = await PostbellServer.PrepareAsync();
        var port = LocalPorts.Run(2);
        await server.LaunchWithAsync($"  listen: [\"{server.Ready.Sip}\"]\n  webSocket:\n    listen: [\"127.0.0.1:{port}\"]", PostbellServer.LoopbackOrganization);
        using var place = new TemporaryDirectory();
        await File.WriteAllBytesAsync(place.File("speech.ul"), (await Sipp.SpeechAsync()).ToMuLaw());

        var run = await ExternalProgram.RunAsync("node", ["call.mjs", $"ws://127.0.0.1:{port}/sip", Called, User, place.File("speech.ul")], TimeSpan.FromSeconds(60), folder);
        var said = run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        said.Where(line => !line.StartsWith("HEARD", StringComparison.Ordinal)).ShouldBe(["OPTIONS 200", "INVITE 200", "INFO 1 200", "INFO # 200", "INFO 1 200", "INFO 1 200", "BYE 200"]);
        int.Parse(said.Single(line => line.StartsWith("HEARD", StringComparison.Ordinal)).Split(' ')[1]).ShouldBeGreaterThan(100);

        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(Called));
        var mail = await mailbox.WaitForCallerAsync(User);
        mail.HighImportance.ShouldBeTrue();
        Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }
}
