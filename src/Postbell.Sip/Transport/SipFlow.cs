using System.Net;
using Postbell.Sip.Tracing;

namespace Postbell.Sip.Transport;

/// <summary>A way between two addresses: a UDP socket and a peer, or one connection.</summary>
/// <param name="Transport">What the messages travel in.</param>
/// <param name="Local">Our address on this way; never a wildcard.</param>
/// <param name="Remote">The peer's address.</param>
/// <param name="Channel">The socket or connection.</param>
internal sealed record SipFlow(SipTransport Transport, IPEndPoint Local, IPEndPoint Remote, ISipChannel Channel)
{
    public bool IsReliable => Transport != SipTransport.Udp;

    /// <summary>Who is at the other end.</summary>
    public SipPeer Peer => new(Remote, Transport, Channel.Identity, User);

    /// <summary>The user whose credentials the request that came this way showed; null where none were demanded.</summary>
    public string? User { get; init; }

    public void Send(ReadOnlyMemory<byte> message, ISendObserver? observer)
    {
        Channel.Tap?.OnMessage(SipDirection.Sent, Transport, Local, Remote, message.Span);
        Channel.Send(message, Remote, observer);
    }
}

/// <summary>Something that takes bytes to a peer: a UDP socket, a TCP connection, or a test's recorder.</summary>
internal interface ISipChannel
{
    /// <summary>False once a connection is closed; always true for UDP.</summary>
    bool IsOpen { get; }

    /// <summary>The names the peer's certificate proves; null without TLS, or when none was asked for.</summary>
    SipPeerIdentity? Identity => null;

    /// <summary>Looks at the messages of its flows; null for nobody.</summary>
    ISipTap? Tap => null;

    /// <summary>Requests to this port of the peer may take this connection from now on (RFC 5923 section 5); nothing where there is none.</summary>
    void ServeAlso(int port)
    {
    }

    /// <summary>False while a stranger's connection has carried no request that was taken.</summary>
    bool IsServed => true;

    /// <summary>A request of this peer was taken: its connection is no stranger's.</summary>
    void OnServed()
    {
    }

    /// <summary>Closes a connection that is not wanted once what is queued has left; nothing where there is none.</summary>
    void CloseAfterSending()
    {
    }

    /// <summary>Sends or queues one message without waiting; a failure, now or later, is told to the observer from any thread.</summary>
    void Send(ReadOnlyMemory<byte> message, IPEndPoint remote, ISendObserver? observer);
}

/// <summary>Learns that a message it sent did not leave.</summary>
internal interface ISendObserver
{
    /// <summary>Called from any thread, also from within Send: it may only post.</summary>
    void OnSendFailed();
}

/// <summary>Makes ways to peers. The boundary between the protocol and the sockets; tests put their own network here.</summary>
internal interface ISipNetwork
{
    /// <summary>A flow to the destination, an open connection reused; null when no local socket fits.</summary>
    SipFlow? Open(SipDestination to);

    /// <summary>Address and port peers reach us at over this flow: the listening port, also when the flow is a connection we opened.</summary>
    IPEndPoint ListeningEndPoint(SipFlow flow);
}
