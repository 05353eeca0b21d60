using System.Net;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Calls through doors that the demo does not open: IPv6 and WebSocket.</summary>
public sealed class OtherDoorsTests(SharedServer shared)
{
    [Fact]
    public async Task A_caller_over_IPv6_leaves_a_message()
    {
        await using var server = await PostbellServer.StartAsync();
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        var door = new IPEndPoint(IPAddress.IPv6Loopback, server.Ready.Sip.Port);
        await server.LaunchWithAsync($"  listen: [\"{door}\"]", Organization);
        var run = await Sipp.CallAsync("leave_message", door, SippCaller.Called, "+4930123456", await Greeting.LengthAsync(shared, SippCaller.Called) + TimeSpan.FromMilliseconds(700));
        run.Messages.ShouldContain("c=IN IP6 ::1");
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(SippCaller.Called));
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }

    [Fact]
    public async Task A_program_asks_and_calls_over_WebSocket()
    {
        await using var server = await PostbellServer.StartAsync();
        (await server.StopAsync()).ShouldBe(0, server.Errors);
        var port = LocalPorts.Run(2);
        await server.LaunchWithAsync($"  listen: [\"{server.Ready.Sip}\"]\n  webSocket:\n    listen: [\"127.0.0.1:{port}\"]", Organization);
        var script = Path.Combine(AppContext.BaseDirectory, "websocket", "call.py");
        var result = await ExternalProgram.RunAsync("/usr/bin/python3", [script, $"ws://127.0.0.1:{port}/sip", SippCaller.Called], TimeSpan.FromSeconds(60));
        var said = result.ShouldSucceed().Output;
        said.ShouldContain("OPTIONS 200");
        said.ShouldContain("INVITE 200 v=0");
        said.ShouldContain("BYE 200");
    }

    private const string Organization =
        """
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
          gateways:
            - name: Loopback
              address: loopback
              dialPlan: Demo
        """;
}
