using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Sip.Messages;
using Postbell.Sip.Transport;
using Postbell.TestKit;

namespace Postbell.Sip.Tests.Events;

/// <summary>Our endpoint and an agent that answers as the test says, on a network in memory; the clock belongs to the test.</summary>
internal sealed class EventBench : IAsyncDisposable
{
    private static readonly TimeSpan LeastRealTime = TimeSpan.FromMilliseconds(1);

    private readonly InMemorySipNetwork _network = new();

    public EventBench()
    {
        Wheel = new TimerWheel(Time);
        Ours = New(new Side(request => OurRequest(request)));
        Agent = New(new Side(request =>
        {
            Received.Enqueue(request.Request);
            Answer(request);
        }));
    }

    public ManualTime Time { get; } = new();

    public TimerWheel Wheel { get; }

    public SipEndpoint Ours { get; }

    public SipEndpoint Agent { get; }

    /// <summary>What the agent got, in order.</summary>
    public ConcurrentQueue<SipRequest> Received { get; } = new();

    public Action<IncomingRequest> Answer { get; set; } = static request => request.Respond(200);

    public Action<IncomingRequest> OurRequest { get; set; } = static request => request.Respond(481);

    public SipDestination ToAgent => new(SipTransport.Udp, Agent.Bound[0].EndPoint);

    public SipDestination ToUs => new(SipTransport.Udp, Ours.Bound[0].EndPoint);

    public NameAddress Self => new(SipUri.Create("postbell", Ours.Bound[0].EndPoint));

    public SipUri Resource => SipUri.Create("1001", Agent.Bound[0].EndPoint);

    /// <summary>Waits for what other threads do; the clock stands still meanwhile.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        var patience = Stopwatch.StartNew();
        while (!isSo())
        {
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }
    }

    public async Task<SipRequest> RequestAsync(int number)
    {
        await UntilAsync(() => Received.Count >= number);
        return Received.ElementAt(number - 1);
    }

    /// <summary>Moves the clock, second by second. What that sets off runs on other threads, which a busy machine lets wait: they get a moment each time.</summary>
    public async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            var began = Stopwatch.GetTimestamp();
            while (ThreadPool.PendingWorkItemCount > 0 || Stopwatch.GetElapsedTime(began) < LeastRealTime)
            {
                await Task.Yield();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Agent.DisposeAsync();
        Wheel.Dispose();
    }

    private SipEndpoint New(Side side)
    {
        var options = new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
            AllowedMethods = [SipMethods.Subscribe, SipMethods.Notify, SipMethods.Publish, SipMethods.Message],
        };
        var endpoint = new SipEndpoint(options, side, Wheel, NullLoggerFactory.Instance, _network.CreateSockets());
        endpoint.StartAsync(side, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        return endpoint;
    }

    private sealed class Side(Action<IncomingRequest> requested) : ISipServer, ISipPeerPolicy
    {
        public bool Admits(SipPeer peer) => true;

        public void OnInvite(IncomingInvite invite) => invite.Reject(486);

        public void OnRequest(IncomingRequest request) => requested(request);
    }
}
