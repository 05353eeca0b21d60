using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A call of sipp that is up, as an administrator finds it.</summary>
internal static class RunningCall
{
    /// <summary>Begins a call with a scenario and waits until the server lists it as answered.</summary>
    /// <returns>The id of the call, and the run of sipp, which goes on.</returns>
    public static async Task<(string Call, Task<SippRun> Run)> DialAsync(PostbellServer server, string scenario)
    {
        var caller = RunningCalls.AnyCaller();
        var run = Sipp.CallAsync(scenario, server.Ready.Sip, "1001", caller);
        return (await RunningCalls.FindAsync(server, caller), run);
    }
}
