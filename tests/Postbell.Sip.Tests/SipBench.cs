using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Postbell.Core;
using Postbell.Sip.Authentication;
using Postbell.Sip.Messages;
using Postbell.Sip.Parsing;
using Postbell.Sip.Transactions;
using Postbell.Sip.Transport;
using Postbell.TestKit;

namespace Postbell.Sip.Tests;

/// <summary>
/// The whole stack on one thread with a clock that the test moves and a network that writes down what was sent. The server is
/// 192.0.2.1:5060, the peer 192.0.2.9:5060 unless a test says otherwise.
/// </summary>
internal sealed class SipBench : ISipServer, ISipPeerPolicy, ISipNetwork, IDisposable
{
    public static readonly IPEndPoint Server = new(IPAddress.Parse("192.0.2.1"), 5060);
    public static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.9"), 5060);

    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private readonly Queue<SentMessage> _sent = new();

    public SipBench(Func<SipEndpointOptions, SipEndpointOptions>? change = null)
    {
        Wheel = new TimerWheel(Time);
        var options = change?.Invoke(new SipEndpointOptions()) ?? new SipEndpointOptions();
        Stack = new SipStack(options, this, Wheel, this, Log, _work.Enqueue);
        Stack.Serve(this);
        Udp = new BenchChannel(this);
    }

    public ManualTime Time { get; } = new();

    public TimerWheel Wheel { get; }

    public SipStack Stack { get; }

    public BenchChannel Udp { get; }

    public bool Admitted { get; set; } = true;

    public Func<IPEndPoint, bool> Policy { get; set; } = static _ => true;

    public RecordingLog Log { get; } = new();

    public List<IncomingInvite> Invites { get; } = [];

    public List<IncomingRequest> Requests { get; } = [];

    public List<SipFlow> Opened { get; } = [];

    public Action<IncomingInvite> Invited { get; set; } = static _ => { };

    public Action<IncomingRequest> Requested { get; set; } = static _ => { };

    /// <summary>What Open gives for TCP destinations; null refuses.</summary>
    public Func<SipDestination, BenchChannel?> Connect { get; set; } = static _ => null;

    public bool UdpWorks { get; set; } = true;

    /// <summary>Whether requests must show credentials, and whose are good.</summary>
    public Dictionary<string, SipCredentials>? Accounts { get; set; }

    /// <summary>Our credentials at the peer.</summary>
    public SipCredentials? Ours { get; set; }

    public bool Admits(SipPeer peer) => (Admitted && Policy(peer.EndPoint)) || peer.User is not null;

    public IReadOnlyList<DigestAlgorithm> ChallengesFor(SipPeer peer) => Accounts is null ? [] : [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    public SipCredentials? FindCredentials(SipPeer peer, string user) => Accounts?.GetValueOrDefault(user);

    public SipCredentials? CredentialsFor(SipPeer peer) => Ours;

    public void OnInvite(IncomingInvite invite)
    {
        Invites.Add(invite);
        Invited(invite);
    }

    public void OnRequest(IncomingRequest request)
    {
        Requests.Add(request);
        Requested(request);
    }

    public SipFlow? Open(SipDestination to)
    {
        var channel = to.Transport == SipTransport.Udp ? Udp : Connect(to);
        if (channel is null)
        {
            return null;
        }

        var flow = new SipFlow(to.Transport, Server, to.EndPoint, channel);
        Opened.Add(flow);
        return flow;
    }

    public IPEndPoint ListeningEndPoint(SipFlow flow) => flow.Local;

    public BenchChannel NewConnection() => new(this);

    public void Receive(string message, IPEndPoint? from = null) => Receive(Encoding.UTF8.GetBytes(Lines(message)), from);

    public void Receive(byte[] message, IPEndPoint? from = null) => Receive(message, new SipFlow(SipTransport.Udp, Server, from ?? Peer, Udp));

    public void ReceiveOver(BenchChannel connection, string message) =>
        Receive(Encoding.UTF8.GetBytes(Lines(message)), new SipFlow(SipTransport.Tcp, Server, Peer, connection));

    /// <summary>Runs on the executors until nothing is left to do.</summary>
    public void Run()
    {
        while (_work.TryDequeue(out var item))
        {
            item.Execute();
        }
    }

    /// <summary>Moves the clock tick by tick, so that what a timer starts can start timers of its own.</summary>
    public void Advance(TimeSpan by) => Advance(by, TimeSpan.FromMilliseconds(10));

    public void Advance(TimeSpan by, TimeSpan step)
    {
        Run();
        for (var passed = TimeSpan.Zero; passed < by; passed += step)
        {
            Time.Advance(step);
            Run();
        }
    }

    public void Advance(int milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>The next message sent; fails when there is none.</summary>
    public SentMessage Take()
    {
        _sent.TryDequeue(out var sent).ShouldBeTrue("nothing was sent");
        return sent!;
    }

    public SipResponse TakeResponse(int status)
    {
        var response = Take().Message.ShouldBeOfType<SipResponse>();
        response.Status.ShouldBe(status);
        return response;
    }

    public SipRequest TakeRequest(string method)
    {
        var request = Take().Message.ShouldBeOfType<SipRequest>();
        request.Method.ShouldBe(method);
        return request;
    }

    public IReadOnlyList<SentMessage> TakeAll()
    {
        var all = _sent.ToList();
        _sent.Clear();
        return all;
    }

    public void ShouldBeSilent() => _sent.Select(sent => sent.Message.StartLine).ShouldBeEmpty();

    public void Dispose() => Wheel.Dispose();

    internal void Record(byte[] bytes, IPEndPoint to, BenchChannel channel)
    {
        var failure = SipParser.Parse(bytes, new SipLimits(), true, out var message);
        // The answer to a malformed request repeats what was wrong with it; everything else we send must be flawless.
        if (message is not SipResponse { Status: 400 or 414 or 505 or 513 })
        {
            failure.ShouldBe(SipParseFailure.None, Encoding.UTF8.GetString(bytes));
        }

        _sent.Enqueue(new SentMessage(message!, to, channel));
    }

    /// <summary>Test messages are written with plain line ends and without the empty line where there is no body.</summary>
    public static string Lines(string message)
    {
        var text = message.ReplaceLineEndings("\r\n");
        return text.Contains("\r\n\r\n") ? text : text.TrimEnd() + "\r\n\r\n";
    }

    private void Receive(byte[] bytes, SipFlow flow)
    {
        Stack.Receive(bytes, flow);
        Run();
    }
}

internal sealed record SentMessage(SipMessage Message, IPEndPoint To, BenchChannel Channel);

/// <summary>A socket of the bench.</summary>
internal sealed class BenchChannel(SipBench bench) : ISipChannel
{
    public bool IsOpen { get; set; } = true;

    public bool Fails { get; set; }

    public void Send(ReadOnlyMemory<byte> message, IPEndPoint remote, ISendObserver? observer)
    {
        if (Fails || !IsOpen)
        {
            observer?.OnSendFailed();
            return;
        }

        bench.Record(message.ToArray(), remote, this);
    }
}

/// <summary>Keeps the warnings and worse.</summary>
internal sealed class RecordingLog : ILogger
{
    public List<string> Warnings { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Warnings.Add(formatter(state, exception));
        }
    }
}
