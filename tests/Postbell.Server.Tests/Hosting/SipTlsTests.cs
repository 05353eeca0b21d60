using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Postbell.Server.Tests.Hosting;

/// <summary>The running demo's TLS door, and what is told of its certificate.</summary>
public sealed class SipTlsTests(RunningDemo demo)
{
    [Fact]
    public async Task The_demo_answers_SIP_over_TLS()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(demo.Server.Ready.GetProperty("sips").GetString()!));
        await using var stream = new SslStream(new NetworkStream(socket), false, static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("localhost");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "OPTIONS sip:5000@localhost SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5999;branch=z9hG4bKdemo\r\nMax-Forwards: 70\r\nFrom: <sip:a@localhost>;tag=1\r\n"
            + "To: <sip:5000@localhost>\r\nCall-ID: demo-tls\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        Encoding.ASCII.GetString(answer).ShouldBe("SIP/2.0 200 ");
    }

    [Fact]
    public async Task Metrics_say_when_the_certificates_run_out()
    {
        using var http = demo.Server.CreateClient(token: null);
        var lines = (await http.GetStringAsync("/metrics")).Split('\n');
        foreach (var use in new[] { "mail", "sip" })
        {
            var line = lines.Single(l => l.StartsWith($"um_certificate_expiry_seconds{{use=\"{use}\"}} ", StringComparison.Ordinal));
            double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture).ShouldBeInRange(300 * 86400.0, 11 * 366 * 86400.0);
        }
    }
}
