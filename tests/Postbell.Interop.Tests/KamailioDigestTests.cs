using System.Net;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Kamailio and Postbell that believe each other nothing without credentials (RFC 3261 section 22, RFC 8760).</summary>
public sealed class KamailioDigestTests(SharedServer shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // The module uac of Kamailio 5.6 answers challenges in MD5 only, its module auth makes both kinds.
    [Theory]
    [InlineData("MD5", "Md5", true)]
    [InlineData("SHA-256", "Sha256", false)]
    public async Task Calls_lamps_probes_and_transfers_show_the_credentials_that_are_demanded(string ofProxy, string algorithm, bool challenge)
    {
        await using var proxy = Kamailio.Prepare();
        await using var server = await PostbellServer.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataFolder, "trunk.secret"), TrunkDigest.Secret + "\n");
        await server.LaunchWithAsync(Sip(server), Organization(proxy, $"algorithm: {algorithm}, challenge: {(challenge ? "true" : "false")}"));
        await proxy.StartAsync(server.Ready.Sip, "udp", digest: new TrunkDigest(ofProxy));

        await using var busy = new SippPhone("desk_phone_busy");
        await proxy.RegisterAsync("1001", busy.Address);
        await using var colleague = await Baresip.StartAsync(new Pcm([]), new BaresipSetup("1003") { Answers = true });
        await proxy.RegisterAsync("1003", colleague.Address);

        // A call that Kamailio diverts.
        var wait = await Greeting.WaitAsync(shared, "1001");
        var run = await Sipp.CallAsync("leave_message", proxy.Sip, "1001", "+4930123456", wait);
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person("1001"));
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
        // The lamp: NOTIFY is challenged by Kamailio.
        await busy.ReceivesAsync(Limit, "received", "NOTIFY sip:", "Messages-Waiting: yes");

        // An INVITE of ours (407), and REFER and BYE within the dialogs.
        var caller = RunningCalls.AnyCaller();
        var transferred = Sipp.CallAsync("transferred", proxy.Sip, "1001", caller);
        (await server.CommandAsync("calls", "transfer", await RunningCalls.FindAsync(server, caller), "1003", "--attended")).ShouldSucceed();
        (await transferred).Messages.ShouldContain("?Replaces=");
        await colleague.WaitForAsync("CALL_ESTABLISHED");
        await colleague.WaitForAsync("CALL_CLOSED");

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(server.Ready.Web, "/metrics"));
        metrics.Contains("um_sip_authentications_total{result=\"Good\"}", StringComparison.Ordinal).ShouldBe(challenge);
        metrics.ShouldContain("um_sip_challenges_total{result=\"Answered\"}");
        metrics.ShouldContain("um_gateway_up{gateway=\"Kamailio\"} 1\n");
        server.Errors.ShouldNotContain(TrunkDigest.Secret);
    }

    private static string Sip(PostbellServer server) =>
        $"""
          listen: ["{server.Ready.Sip}"]
          realm: {TrunkDigest.RealmOfVoiceMail}
          gatewayProbeInterval: 5 s
        """;

    private static string Organization(Kamailio proxy, string keys) =>
        $"""
          dialPlans:
            - name: Demo
              numberOfDigitsInExtension: 4
          gateways:
            - name: Kamailio
              address: {IPAddress.Loopback}
              port: {proxy.Sip.Port}
              {Digest(keys)}
          huntGroups:
            - name: Voice mail
              gateway: Kamailio
              dialPlan: Demo
              pilotIdentifiers: ["5000"]
        """;

    private static string Digest(string keys) =>
        $"digest: {{ user: {TrunkDigest.User}, passwordFile: trunk.secret, realm: {TrunkDigest.Realm}, {keys} }}";
}
