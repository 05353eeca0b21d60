using System.Diagnostics;
using System.Text.Json;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class StopTests
{
    [Fact]
    public async Task A_stop_lets_a_running_call_leave_its_message_and_refuses_new_ones()
    {
        using var place = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(place.File("data"));
        var call = await CallAsync(server);
        server.Terminate();
        await UntilAsync(async () => (await ServerProcess.RunAsync(null, "status", "--data", server.Data)).Code == 1, "the server is not ready for calls any more");
        var (code, output, _) = await ServerProcess.RunAsync(null, "call", "1002", "--data", server.Data, "--json");
        code.ShouldBe(1);
        output.ShouldContain("503 Shutting Down");
        (await server.ExitAsync()).ShouldBe(0);
        await call;

        await using var again = await ServerProcess.StartAsync(server.Data, server.Offset);
        await UntilAsync(async () => await InboxAsync(again) == 1, "what the caller left is in the mailbox");
    }

    [Fact]
    public async Task A_second_signal_does_not_wait_for_calls()
    {
        using var place = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(place.File("data"));
        var call = await CallAsync(server);
        var begin = Stopwatch.GetTimestamp();
        server.Terminate();
        await UntilAsync(async () => (await ServerProcess.RunAsync(null, "status", "--data", server.Data)).Code == 1, "the server has noticed the first signal");
        server.Terminate();
        (await server.ExitAsync()).ShouldBe(0);
        Stopwatch.GetElapsedTime(begin).TotalSeconds.ShouldBeLessThan(15);
        await call;
    }

    [Fact]
    public async Task After_a_kill_a_command_says_that_nobody_answers()
    {
        using var place = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(place.File("data"));
        await server.KillAsync();
        var (code, _, errors) = await ServerProcess.RunAsync(null, "status", "--data", server.Data);
        code.ShouldBe(1);
        errors.ShouldMatch("^postbell: the server at .* does not answer: .*\n$");
    }

    private static async Task<int> InboxAsync(ServerProcess server)
    {
        var mailbox = JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "mailbox", "1001", "--json"));
        return mailbox.GetProperty("folders").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "INBOX").GetProperty("messages").GetInt32();
    }

    // A call that listens for half a minute unless the server ends it.
    private static async Task<Task<(int Code, string Output, string Errors)>> CallAsync(ServerProcess server)
    {
        var call = ServerProcess.RunAsync(null, "call", "1001", "--listen", "30", "--json", "--data", server.Data);
        await UntilAsync(async () => JsonSerializer.Deserialize<JsonElement>(await server.CommandAsync(null, "calls", "--json")).GetProperty("calls").GetArrayLength() == 1, "the call runs");
        return call;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            limit.IsCancellationRequested.ShouldBeFalse(what);
            await Task.Delay(20);
        }
    }
}
