using System.Net;
using System.Net.Sockets;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class UpTests(RunningDemo demo)
{
    [Fact]
    public void The_ready_line_has_what_other_programs_were_promised()
    {
        var ready = demo.Server.Ready;
        var offset = demo.Server.Offset;
        ready.EnumerateObject().Select(p => p.Name).ShouldBe(["ready", "sip", "sips", "imap", "submission", "lmtp", "web", "people", "admin_token"]);
        ready.GetProperty("ready").GetBoolean().ShouldBeTrue();
        ready.GetProperty("sip").GetString().ShouldBe($"127.0.0.1:{5060 + offset}");
        ready.GetProperty("sips").GetString().ShouldBe($"127.0.0.1:{5061 + offset}");
        ready.GetProperty("imap").GetString().ShouldBe($"127.0.0.1:{1143 + offset}");
        ready.GetProperty("web").GetString().ShouldBe($"http://127.0.0.1:{8080 + offset}");
        ready.GetProperty("submission").GetString().ShouldBe($"127.0.0.1:{1587 + offset}");
        ready.GetProperty("lmtp").GetString().ShouldBe($"127.0.0.1:{1024 + offset}");
        var people = ready.GetProperty("people").EnumerateArray().ToArray();
        people.Select(p => p.GetProperty("number").GetString()).ShouldBe(["1001", "1002", "1003", "1004", "1005"]);
        people.ShouldAllBe(p => p.EnumerateObject().Select(x => x.Name).SequenceEqual(new[] { "number", "name", "user", "password", "pin" }));
        people.Select(p => p.GetProperty("password").GetString()).Distinct().Count().ShouldBe(5);
        demo.Server.Token.Length.ShouldBe(43);
    }

    [Fact]
    public async Task After_a_stop_and_after_a_kill_the_same_people_are_there_again()
    {
        using var place = new TemporaryDirectory();
        string first;
        int offset;
        await using (var server = await ServerProcess.StartAsync(place))
        {
            (first, offset) = (server.ReadyLine, server.Offset);
            (await server.StopAsync()).ShouldBe(0);
        }

        await using (var again = await ServerProcess.StartAsync(place, offset))
        {
            again.ReadyLine.ShouldBe(first);
            await again.KillAsync();
        }

        await using var third = await ServerProcess.StartAsync(place, offset);
        third.ReadyLine.ShouldBe(first);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_in_one_line()
    {
        var (code, output, errors) = await ServerProcess.RunAsync(
            null, "up", "--data", demo.Server.Data, "--port-offset", $"{ServerProcess.FreeOffset()}", "--json");
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldMatch(@"^postbell: another server \(process \d+\) already uses the data folder .*\n$");
    }

    [Fact]
    public async Task A_port_that_another_program_holds_is_named_in_one_line()
    {
        using var place = new TemporaryDirectory();
        var offset = ServerProcess.FreeOffset();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 1143 + offset));
        other.Listen();
        var (code, output, errors) = await ServerProcess.RunAsync(null, "up", "--data", place, "--port-offset", $"{offset}", "--json");
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldBe($"postbell: cannot listen on tcp port {1143 + offset} of 127.0.0.1 for imap (in use by another program); --port-offset N moves every port\n");
    }

    [Fact]
    public async Task A_data_folder_with_a_very_long_name_is_reached_over_http()
    {
        using var place = new TemporaryDirectory();
        var data = place.File(new string('x', 120));
        await using var server = await ServerProcess.StartAsync(data);
        (await server.CommandAsync(null, "user", "list")).ShouldContain("Anna Lindqvist");
    }

    [Fact]
    public async Task No_secret_is_in_any_log()
    {
        const string wrong = "wrong-token-that-must-not-be-logged";
        using var http = demo.Server.CreateClient(wrong);
        await http.GetAsync("/api/v1/status");
        var logs = string.Concat(System.IO.Directory.GetFiles(Path.Combine(demo.Server.Data, "logs")).Select(ReadShared)) + demo.Server.Errors;
        logs.ShouldNotContain(demo.Server.Token);
        logs.ShouldNotContain(wrong);
        foreach (var person in demo.Server.Ready.GetProperty("people").EnumerateArray())
        {
            logs.ShouldNotContain(person.GetProperty("password").GetString()!);
            logs.ShouldNotContain($" {person.GetProperty("pin").GetString()!}");
        }
    }

    private static string ReadShared(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
