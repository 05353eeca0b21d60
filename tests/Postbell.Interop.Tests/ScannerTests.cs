using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>sipvicious from an address that is no gateway: it learns nothing and is banned, while the gateway is served.</summary>
public sealed class ScannerTests
{
    private const string Scanner = "127.0.0.1";
    private const string Gateway = "127.0.0.66";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Scanners_learn_nothing_and_are_banned_while_the_gateway_is_served()
    {
        await using var server = await PostbellServer.PrepareAsync();
        await server.LaunchConfiguredAsync(audioCodec: "Mp3", gatewayPort: LocalPorts.Run(2), gatewayAddress: Gateway);
        var port = $"{server.Ready.Sip.Port}";

        // What kind of device it is.
        var map = await RunAsync("svmap", "-p", port, "127.0.0.1");
        map.ShouldNotContain("Postbell", Case.Insensitive);

        // Which extensions exist: 1001 to 1005 do.
        foreach (var method in (string[])["INVITE", "REGISTER"])
        {
            var war = await RunAsync("svwar", "-m", method, "-e", "990-1020", "--force", "--maximumtime=3", "-p", port, "127.0.0.1");
            war.ShouldNotContain("1001");
            war.ShouldNotContain("Postbell", Case.Insensitive);
        }

        // One that does not give up, as those two do.
        using var scanner = new UdpClient(new IPEndPoint(IPAddress.Parse(Scanner), 0));
        for (var i = 0; i < 60; i++)
        {
            await scanner.SendAsync(Options(i, (IPEndPoint)scanner.Client.LocalEndPoint!), server.Ready.Sip);
        }

        await Deadline.UntilAsync(() => server.Errors.Contains($"Security: banned {Scanner} for 60 s", StringComparison.Ordinal), Limit, () => $"a ban in:\n{server.Errors}");
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri(server.Ready.Web, "/metrics"))).ShouldContain("um_bans_active 1");
        // It takes whatever comes to its port 5060 for a device, also what strays there from elsewhere.
        (await RunAsync("svmap", "-p", port, "127.0.0.1")).ShouldNotContain($"127.0.0.1:{port}");

        await using var phone = new TestPhone(server.Ready.Sip, IPAddress.Parse(Gateway));
        await using var call = await phone.CallAsync("1001");
        await call.HearBeepAsync();
        await call.HangUpAsync();
    }

    private static byte[] Options(int number, IPEndPoint from) => Encoding.ASCII.GetBytes(
        $"""
        OPTIONS sip:{1000 + number}@127.0.0.1 SIP/2.0
        Via: SIP/2.0/UDP {from};branch=z9hG4bK{number}
        Max-Forwards: 70
        From: <sip:scan@{from.Address}>;tag=scan
        To: <sip:{1000 + number}@127.0.0.1>
        Call-ID: scan-{number}
        CSeq: 1 OPTIONS
        Content-Length: 0


        """.ReplaceLineEndings("\r\n"));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ExternalProgram.RunAsync(program, arguments, Limit);
        return result.Output + result.Errors;
    }
}
