using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>A gateway that comes from anywhere and shows credentials, played by sipp (MD5 is all it has).</summary>
public sealed class DigestTests
{
    private const string Secret = "open-sesame";

    [Fact]
    public async Task Sipp_calls_with_credentials_and_gets_nowhere_without()
    {
        await using var server = await PostbellServer.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataFolder, "trunk.secret"), Secret + "\n");
        const string Keys = "messageWaitingIndicatorAllowed: false\n      digest: { user: trunk, passwordFile: trunk.secret, algorithm: Md5 }";
        await server.LaunchConfiguredAsync(audioCodec: "Wav", gatewayPort: 5060, gatewayAddress: "any", gatewayKeys: Keys);

        var run = await Sipp.CallAsync("authenticated_call", server.Ready.Sip, "1001", "+4930123456", password: Secret);
        // A server that just started may answer after sipp has repeated itself.
        run.Received(401, "INVITE").ShouldBeGreaterThan(0);
        run.Received(401, "BYE").ShouldBeGreaterThan(0);
        await Sipp.CallAsync("wrong_password", server.Ready.Sip, "1001", "+4930123456", password: "guessed");

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(server.Ready.Web, "/metrics"));
        metrics.ShouldContain("um_sip_authentications_total{result=\"Good\"} 2\n");
        metrics.ShouldContain("um_sip_authentications_total{result=\"Wrong\"} 1\n");
        server.Errors.ShouldNotContain(Secret);
        foreach (var log in Directory.GetFiles(Path.Combine(server.DataFolder, "logs"), "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllTextAsync(log)).ShouldNotContain(Secret);
        }
    }
}
