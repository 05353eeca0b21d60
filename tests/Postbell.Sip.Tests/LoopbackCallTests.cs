using System.Net;
using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests;

/// <summary>Whole calls between two endpoints over real sockets.</summary>
public sealed class LoopbackCallTests
{
    public static TheoryData<SipTransport, string> Ways => new()
    {
        { SipTransport.Udp, "127.0.0.1" },
        { SipTransport.Tcp, "127.0.0.1" },
        { SipTransport.Udp, "::1" },
        { SipTransport.Tcp, "::1" },
        { SipTransport.Tls, "127.0.0.1" },
        { SipTransport.Tls, "::1" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_is_answered_acknowledged_and_ended_by_the_caller(SipTransport transport, string address)
    {
        await using var server = await Loopback.StartAsync(transport, IPAddress.Parse(address));
        await using var phone = await Loopback.StartAsync(transport, IPAddress.Parse(address));
        var called = new DialogLog();
        var calling = new DialogLog();
        server.Invited = invite =>
        {
            invite.Provisional(180);
            invite.Accept("answer"u8.ToArray(), "application/sdp", called);
        };

        var call = phone.Call(server, calling);
        var answer = await call.Final.WaitAsync(TimeSpan.FromSeconds(10));
        await called.Acknowledged;
        call.Dialog!.Bye(new SipHeader("Reason", "Q.850;cause=16"));
        var end = await called.Ended;
        await calling.Ended;

        answer.Status.ShouldBe(200);
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("answer");
        end.ShouldBe(new SipDialogEnd(SipDialogEndKind.Bye, new SipReason("Q.850", 16)));
        calling.Lines.ShouldBe(["provisional 180", "answered 200", "ended LocalBye"]);
        called.Lines.ShouldBe(["acknowledged", "ended Bye"]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_is_ended_by_the_called(SipTransport transport, string address)
    {
        await using var server = await Loopback.StartAsync(transport, IPAddress.Parse(address));
        await using var phone = await Loopback.StartAsync(transport, IPAddress.Parse(address));
        var called = new DialogLog();
        var calling = new DialogLog();
        SipDialog? dialog = null;
        server.Invited = invite =>
        {
            dialog = invite.Dialog;
            invite.Accept("answer"u8.ToArray(), "application/sdp", called);
        };

        phone.Call(server, calling);
        await called.Acknowledged;
        dialog!.Bye();

        (await calling.Ended).Kind.ShouldBe(SipDialogEndKind.Bye);
        (await called.Ended).Kind.ShouldBe(SipDialogEndKind.LocalBye);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Options_is_answered_by_the_application(SipTransport transport, string address)
    {
        await using var server = await Loopback.StartAsync(transport, IPAddress.Parse(address));
        await using var phone = await Loopback.StartAsync(transport, IPAddress.Parse(address));
        server.Requested = request => request.Respond(503, "Draining", new SipHeader("Retry-After", "30"));

        var uri = SipUri.Create(null, server.Address);
        var response = await phone.Endpoint.SendAsync(SipRequest.Create(SipMethods.Options, uri, new NameAddress(uri)), server.Destination);

        response.Status.ShouldBe(503);
        response.Reason.ShouldBe("Draining");
        response.Headers["Retry-After"].ShouldBe("30");
        response.To.Tag.ShouldNotBeNull();
    }
}
