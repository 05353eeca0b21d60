using System.Net;
using Postbell.Interop.Tests.Audio;
using Postbell.Interop.Tests.Mail;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Programs;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Signalling and audio over IPv6, which the demo does not open: sipp by UDP and TCP, baresip by TCP and TLS.</summary>
public sealed class Ipv6Tests(SharedServer shared)
{
    private readonly BaresipCaller _baresip = new(shared);

    [Fact]
    public async Task Callers_over_IPv6_leave_messages_by_UDP_TCP_and_TLS()
    {
        using var authority = new CertificateAuthority();
        var (certificate, key) = authority.Issue("vm.postbell.test");
        await using var server = await PostbellServer.PrepareAsync();
        var door = new IPEndPoint(IPAddress.IPv6Loopback, server.Ready.Sip.Port);
        var tlsDoor = new IPEndPoint(IPAddress.IPv6Loopback, server.Ready.Sips.Port);
        await server.LaunchWithAsync(
            $"""
              listen: ["{door}"]
              tls:
                listen: ["{tlsDoor}"]
                certificate: {certificate}
                key: {key}
            """,
            PostbellServer.LoopbackOrganization.Replace("numberOfDigitsInExtension: 4", "numberOfDigitsInExtension: 4\n      voipSecurity: Any"));
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(BaresipCaller.Called));
        await using var other = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(BaresipCaller.Called));

        await Task.WhenAll(
            SippAsync(server, door, tcp: false),
            SippAsync(server, door, tcp: true),
            _baresip.LeaveAsync(mailbox, new BaresipSetup("ipv6-tcp") { Ipv6 = true }, sentence: 1, door, "tcp"),
            _baresip.LeaveAsync(other, new BaresipSetup("ipv6-tls") { Ipv6 = true, Encryption = "srtp-mand" }, sentence: 2, tlsDoor, "tls"));
    }

    private async Task SippAsync(PostbellServer server, IPEndPoint door, bool tcp)
    {
        var wait = await Greeting.WaitAsync(shared, SippCaller.Called);
        var run = await Sipp.CallAsync("leave_message", door, SippCaller.Called, "+4930123456", wait, tcp);
        run.Messages.ShouldContain("c=IN IP6 ::1");
        await using var mailbox = await ImapConnection.LogInAsync(server.Ready.Imap, server.Ready.Person(SippCaller.Called));
        var mail = await mailbox.WaitForCallAsync(run.CallId);
        Similarity.Of(await Sipp.SpeechAsync(), await AttachedAudio.ReadAsync(mail.Message)).ShouldBeTheSame();
    }
}
