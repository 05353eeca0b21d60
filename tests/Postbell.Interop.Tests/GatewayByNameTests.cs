using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;
using Postbell.TestKit;

namespace Postbell.Interop.Tests;

/// <summary>A gateway that is configured by host name: the server asks a name server and lets in who has the address.</summary>
public sealed class GatewayByNameTests
{
    [Fact]
    public async Task A_gateway_is_known_by_the_addresses_of_its_name()
    {
        await using var dns = new TestNameServer();
        dns.Service("_sip._udp.pbx.example.com", 1, 0, 5099, "node.example.com").Address4("node.example.com", "127.0.0.1");
        await using var server = await PostbellServer.PrepareAsync();
        await server.LaunchWithAsync(
            $"""
              listen: ["{server.Ready.Sip}"]
              gatewayProbeInterval: 0 s
            """,
            $"""
              dialPlans:
                - name: Demo
                  numberOfDigitsInExtension: 4
              gateways:
                - name: Named
                  address: pbx.example.com
                  transport: Udp
                  dialPlan: Demo
            dns:
              servers: ["{dns.Address}"]
            """);

        await Sipp.CallAsync("options", server.Ready.Sip, "1001", "+4930123456");
        var status = await server.CommandAsync("status");
        status.Output.ShouldContain("pbx.example.com");
        status.Output.ShouldContain("127.0.0.1:5099");
        (await server.CommandAsync("doctor")).Output.ShouldContain("gateway name: Named");
    }
}
