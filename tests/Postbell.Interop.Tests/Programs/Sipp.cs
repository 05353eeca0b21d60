using System.Net;
using System.Net.Sockets;
using Postbell.Interop.Tests.Audio;
using Postbell.TestKit;

namespace Postbell.Interop.Tests.Programs;

/// <summary>What one run of sipp did: its Call-ID, and every message it saw.</summary>
public sealed record SippRun(string CallId, string Messages)
{
    /// <summary>How often the server sent a response of this status to this method.</summary>
    public int Received(int status, string method) => Messages.Split("-----------------------------------------------")
        .Count(m => m.Contains("received", StringComparison.Ordinal)
            && m.Contains($"SIP/2.0 {status} ", StringComparison.Ordinal)
            && m.Contains($" {method}", StringComparison.Ordinal));
}

/// <summary>Runs one of the scenarios in <c>sipp/</c> as one call.</summary>
public static class Sipp
{
    /// <summary>The length of <c>speech.ul</c>; the scenarios wait so long.</summary>
    public static readonly TimeSpan SpeechLength = TimeSpan.FromSeconds(5);

    public static async Task<Pcm> SpeechAsync() => (await Speech.SentenceAsync(0)).Slice(TimeSpan.Zero, SpeechLength);

    /// <param name="wait">How long the scenario waits where it says <c>&lt;pause/&gt;</c>: until the greeting is over.</param>
    /// <param name="timeout">How long the whole call may take; null is 45 s.</param>
    public static async Task<SippRun> CallAsync(
        string scenario, IPEndPoint server, string number, string caller, TimeSpan? wait = null, bool tcp = false, string pilot = "5000",
        string password = "none", TimeSpan? timeout = null)
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllBytesAsync(folder.File("speech.ul"), (await SpeechAsync()).ToMuLaw());
        var id = $"sipp-{scenario}-{Guid.NewGuid():N}";
        var port = LocalPorts.Run(6);
        var limit = timeout ?? TimeSpan.FromSeconds(45);
        var local = server.AddressFamily == AddressFamily.InterNetworkV6 ? "::1" : "127.0.0.1";
        string[] arguments =
        [
            server.ToString(), "-sf", Path.Combine(AppContext.BaseDirectory, "sipp", $"{scenario}.xml"), "-s", number, "-key", "caller", caller,
            "-key", "pilot", pilot, "-au", "trunk", "-ap", password, "-cid_str", id, "-i", local, "-mi", local, "-p", $"{port}", "-mp", $"{port + 2}", "-t", tcp ? "t1" : "u1",
            "-d", $"{(int)(wait ?? TimeSpan.Zero).TotalMilliseconds}", "-m", "1", "-l", "1", "-nostdin", "-timeout", $"{(int)limit.TotalSeconds}s", "-timeout_error",
            "-trace_err", "-error_file", "errors.log", "-trace_msg", "-message_file", "messages.log",
        ];
        var result = await ExternalProgram.RunAsync("sipp", arguments, limit + TimeSpan.FromSeconds(15), folder.Path, ("TERM", "dumb"));
        var messages = await ReadAsync(folder.File("messages.log"));
        result.ExitCode.ShouldBe(0, $"sipp {scenario}:\n{await ReadAsync(folder.File("errors.log"))}\n{messages}\n{result.Errors}");
        return new SippRun(id, messages);
    }

    private static async Task<string> ReadAsync(string file) => File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
}
