using System.Net;
using System.Text.Json;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Kamailio between callers, telephones and Postbell: what is not answered is diverted, and the lamp of the telephone is set through it.</summary>
public sealed class KamailioTests(SharedServer shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public Task A_call_that_the_proxy_diverts_leaves_its_message_and_lights_the_lamp(string transport) => DivertAsync(transport);

    internal async Task DivertAsync(string transport)
    {
        using var authority = new CertificateAuthority();
        await using var proxy = Kamailio.Prepare();
        await using var server = await PostbellServer.PrepareAsync();
        var tls = transport == "tls";
        await server.LaunchWithAsync(tls ? TlsDoor(server, authority) : $"  listen: [\"{server.Ready.Sip}\"]", Organization(proxy, transport));
        await proxy.StartAsync(tls ? server.Ready.Sips : server.Ready.Sip, transport, tls ? authority : null);

        await Task.WhenAll(
            DivertedAsync(server, proxy, "1001", "no_answer"),
            DivertedAsync(server, proxy, "1002", "busy"),
            DivertedAsync(server, proxy, "1003", "busy"));

        // Why the calls came, and by which header the server knew for whom.
        var answered = await HowTheyCameAsync(server);
        answered.ShouldBe(
            ["Diversion (no-answer) through Kamailio", "HistoryInfo (user-busy) through Kamailio", "VoicemailTarget (user-busy) through Kamailio"], ignoreOrder: true);
    }

    private static async Task<IReadOnlyList<string>> HowTheyCameAsync(PostbellServer server)
    {
        var found = new List<string>();
        foreach (var message in await StepsAsync(server))
        {
            found.AddRange((await StepsAsync(server, message.Id)).Where(s => s.Stage == "answered" && s.Detail.EndsWith("through Kamailio", StringComparison.Ordinal)).Select(s => s.Detail));
        }

        return found;
    }

    /// <summary>The steps of one message; without an id the last step of each.</summary>
    private static async Task<IReadOnlyList<(string Id, string Stage, string Detail)>> StepsAsync(PostbellServer server, params string[] id)
    {
        using var answer = JsonDocument.Parse((await server.CommandAsync(["trace", .. id, "--json"])).ShouldSucceed().Output);
        return [.. answer.RootElement.GetProperty("steps").EnumerateArray().Select(s => (Text(s, "id"), Text(s, "stage"), Text(s, "detail")))];
        static string Text(JsonElement step, string name) => step.GetProperty(name).GetString()!;
    }

    private async Task DivertedAsync(PostbellServer server, Kamailio proxy, string number, string behaviour)
    {
        await using var telephone = new SippPhone($"desk_phone_{behaviour}");
        await proxy.RegisterAsync(number, telephone.Address);

        var caller = RunningCalls.AnyCaller();
        var run = await Sipp.CallAsync("leave_message", proxy.Sip, number, caller, await Greeting.WaitAsync(shared, number));
        await telephone.ReceivesAsync(Limit, "received", "INVITE sip:", run.CallId);

        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(number));
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        mail.Caller.ShouldBe(caller);
        Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();

        await telephone.ReceivesAsync(Limit, "received", "NOTIFY sip:", "Messages-Waiting: yes", "Voice-Message: 1/0 (0/0)");
        await mailbox.SetSeenAsync(mail.Uid);
        await telephone.ReceivesAsync(Limit, "received", "NOTIFY sip:", "Messages-Waiting: no", "Voice-Message: 0/1 (0/0)");
    }

    private static string TlsDoor(PostbellServer server, CertificateAuthority authority)
    {
        var (certificate, key) = authority.Issue("vm.postbell.test");
        return
            $"""
              listen: []
              tls:
                listen: ["{server.Ready.Sips}"]
                certificate: {certificate}
                key: {key}
                clientCa: {authority.CertificateFile}
            """;
    }

    /// <summary>An organization behind the proxy.</summary>
    internal static string Organization(Kamailio proxy, string transport)
    {
        var (security, address, port) = transport == "tls"
            ? ("SIPSecured", $"{Kamailio.HostName}\n      notifyAddress: {IPAddress.Loopback}", proxy.TlsPort)
            : ("Unsecured", $"{IPAddress.Loopback}\n      transport: {char.ToUpperInvariant(transport[0])}{transport[1..]}", proxy.Sip.Port);
        return
            $"""
              dialPlans:
                - name: Demo
                  numberOfDigitsInExtension: 4
                  voipSecurity: {security}
              gateways:
                - name: Kamailio
                  address: {address}
                  port: {port}
              huntGroups:
                - name: Voice mail
                  gateway: Kamailio
                  dialPlan: Demo
                  pilotIdentifiers: ["5000"]
            """;
    }
}
