using System.Net;
using System.Net.Sockets;
using System.Text;
using Postbell.Interop.Tests.Phone;
using Postbell.Interop.Tests.Server;

namespace Postbell.Interop.Tests;

/// <summary>Message summaries that nobody asked for, from a gateway that is served.</summary>
public sealed class CraftedSummaryTests(SharedServer shared)
{
    public static TheoryData<string> Bodies =>
    [
        "",
        $"Messages-Waiting: yes\r\nMessage-Account: sip:{new string('a', 20_000)}@x\r\nVoice-Message: 1/0\r\n",
        "Messages-Waiting: yes\r\nMessage-Account: sip:1001@x",
        "Messages-Waiting: yes\r\nVoice-Message: 99999999999999999999/-1 (4294967296/0)\r\n",
        "Messages-Waiting: \0\0\r\n\r\n\r\nVoice-Message: %s%n/(((\r\n",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_message_summary_of_a_peer_is_refused_unread(string body)
    {
        var server = (await shared.ReadyAsync()).Sip;
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)peer.Client.LocalEndPoint!;
        var id = Guid.NewGuid().ToString("N");
        var request =
            $"NOTIFY sip:1001@{server} SIP/2.0\r\nVia: SIP/2.0/UDP {address};branch=z9hG4bK{id}\r\nMax-Forwards: 70\r\nFrom: <sip:1001@{address}>;tag=n\r\nTo: <sip:1001@{server}>\r\n" +
            $"Call-ID: {id}\r\nCSeq: 1 NOTIFY\r\nContact: <sip:1001@{address}>\r\nEvent: message-summary\r\nSubscription-State: active\r\n" +
            $"Content-Type: application/simple-message-summary\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await peer.SendAsync(Encoding.ASCII.GetBytes(request), server);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var answer = await peer.ReceiveAsync(limit.Token);
        SipText.Parse(answer.Buffer, answer.Buffer.Length).Status.ShouldBe(481);
    }
}
