using System.Text.Json;

namespace Postbell.Interop.Tests.Server;

/// <summary>The calls a server has, as <c>postbell calls</c> shows them.</summary>
public static class RunningCalls
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>A number that no other caller of the run has.</summary>
    public static string AnyCaller() => $"+4930{Random.Shared.Next(1000000, 9999999)}";

    /// <summary>The id of the answered call of a caller, waited for.</summary>
    public static async Task<string> FindAsync(PostbellServer server, string caller) =>
        (await WaitAsync(server, caller, call => !call.GetProperty("state").GetString()!.Equals("connecting", StringComparison.OrdinalIgnoreCase))).GetProperty("id").GetString()!;

    /// <summary>Waits until the caller is being recorded.</summary>
    public static Task RecordsAsync(PostbellServer server, string caller) =>
        WaitAsync(server, caller, call => call.GetProperty("state").GetString()!.Equals("recording", StringComparison.OrdinalIgnoreCase));

    private static async Task<JsonElement> WaitAsync(PostbellServer server, string caller, Func<JsonElement, bool> holds) => (JsonElement)await Deadline.UntilAsync<object>(
        async () =>
        {
            using var answer = JsonDocument.Parse((await server.CommandAsync("calls", "--json")).ShouldSucceed().Output);
            var found = answer.RootElement.GetProperty("calls").EnumerateArray()
                .FirstOrDefault(call => call.GetProperty("caller").GetString()!.Contains(caller, StringComparison.Ordinal) && holds(call));
            return found.ValueKind == JsonValueKind.Undefined ? null : found.Clone();
        },
        Limit,
        $"the call of {caller}");
}
