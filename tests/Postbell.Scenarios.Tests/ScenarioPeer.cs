using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Sip;
using Postbell.Sip.Messages;

namespace Postbell.Scenarios.Tests;

/// <summary>A gateway as far as signalling goes: it calls, is called, is asked to transfer, and writes down what it heard. It has no audio.</summary>
internal sealed class ScenarioPeer : ISipServer, ISipPeerPolicy, IOutgoingInviteEvents, IAsyncDisposable
{
    private readonly ScenarioServer _server;
    private readonly SipEndpoint _sip;

    private ScenarioPeer(ScenarioServer server, IPAddress address)
    {
        _server = server;
        _sip = new SipEndpoint(
            new SipEndpointOptions { Listen = [new SipListen(SipTransport.Udp, new IPEndPoint(address, 0))] },
            this,
            server.Wheel,
            NullLoggerFactory.Instance,
            server.SipNetwork.CreateSockets());
    }

    /// <summary>Answer or offer of this peer: audio that is never sent.</summary>
    public static ReadOnlyMemory<byte> Sdp { get; } = Encoding.ASCII.GetBytes(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n");

    public IPEndPoint Address => _sip.Bound[0].EndPoint;

    public OutgoingInvite? Call { get; private set; }

    public SipResponse? Refusal { get; private set; }

    public List<IncomingInvite> Invites { get; } = [];

    public List<IncomingRefer> Refers { get; } = [];

    public List<SipDialogEnd> Ends { get; } = [];

    public List<SipResponse> Provisionals { get; } = [];

    public Action<IncomingInvite> Invited { get; set; } = static invite => invite.Reject(486);

    public Action<IncomingRefer> Referred { get; set; } = static refer => refer.Decline();

    public static async Task<ScenarioPeer> StartAsync(ScenarioServer server, string address = "127.0.0.1")
    {
        var peer = new ScenarioPeer(server, IPAddress.Parse(address));
        await peer._sip.StartAsync(peer, CancellationToken.None);
        return peer;
    }

    /// <summary>Calls a number and waits for the final response.</summary>
    public async Task<SipResponse> DialAsync(string number, params SipHeader[] headers)
    {
        Call = _sip.Invite(
            new OutgoingCall
            {
                RequestUri = SipUri.Create(number, _server.Address),
                Destination = new SipDestination(SipTransport.Udp, _server.Address),
                From = new NameAddress(SipUri.Create("+4930123", "gw.example.com")),
                Body = Sdp,
                Headers = headers,
            },
            this);
        await _server.UntilAsync(() => Call.Final.IsCompleted, "an answer to the INVITE");
        return await Call.Final;
    }

    /// <summary>Takes a call.</summary>
    public void Accept(IncomingInvite invite) => invite.Accept(Sdp, "application/sdp", this);

    public ValueTask DisposeAsync() => _sip.DisposeAsync();

    bool ISipPeerPolicy.Admits(SipPeer peer) => true;

    void ISipServer.OnInvite(IncomingInvite invite)
    {
        Invites.Add(invite);
        Invited(invite);
    }

    void ISipServer.OnRequest(IncomingRequest request) => request.Respond(200);

    void IOutgoingInviteEvents.OnProvisional(SipResponse response) => Provisionals.Add(response);

    void IOutgoingInviteEvents.OnAnswered(SipDialog dialog, SipResponse response)
    {
    }

    void IOutgoingInviteEvents.OnFailed(SipResponse response) => Refusal = response;

    void ISipDialogEvents.OnAcknowledged(SipRequest ack)
    {
    }

    void ISipDialogEvents.OnOffer(IncomingReinvite reinvite) => reinvite.Accept(Sdp, "application/sdp");

    void ISipDialogEvents.OnRequest(IncomingRequest request) => request.Respond(200);

    void ISipDialogEvents.OnRefer(IncomingRefer refer)
    {
        Refers.Add(refer);
        Referred(refer);
    }

    void ISipDialogEvents.OnEnded(SipDialogEnd end) => Ends.Add(end);
}
