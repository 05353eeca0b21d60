using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media.Bridging;
using Postbell.Media.Engine;
using Postbell.Media.Sdp;
using Postbell.Media.Tests.Engine;

namespace Postbell.Media.Tests.Bridging;

/// <summary>Two calls, each on an engine of its own, that a bridge can join, and the people at both ends; in fake time on a network in memory.</summary>
internal sealed class BridgeRig : IDisposable
{
    private readonly MediaEngine _engineOne;
    private readonly MediaEngine _engineOther;
    private long _ticks;

    public BridgeRig(VoiceCodec one = VoiceCodec.Pcmu, VoiceCodec other = VoiceCodec.Pcmu, int ptimeOne = 20, int ptimeOther = 20, byte? eventsOther = 101, byte? eventsOne = 101)
    {
        _engineOne = new MediaEngine(new MediaEngineOptions(), Time, NullLoggerFactory.Instance, Network, threaded: false);
        _engineOther = new MediaEngine(new MediaEngineOptions(), Time, NullLoggerFactory.Instance, Network, threaded: false);
        One = new BridgeLeg(_engineOne, Network, "10.0.0.1", "10.0.0.2", one, ptimeOne, eventsOne);
        Other = new BridgeLeg(_engineOther, Network, "10.0.1.1", "10.0.1.2", other, ptimeOther, eventsOther);
        One.Update();
        Other.Update();
        Step();
    }

    public SteppedTime Time { get; } = new();

    public InMemoryNetwork Network { get; } = new();

    public BridgeLeg One { get; }

    public BridgeLeg Other { get; }

    public double NowMs => _ticks * 2.5;

    public MediaBridge Join(MediaBridgeOptions? options = null)
    {
        var bridge = MediaBridge.Join(One.Session, Other.Session, options);
        Step();
        return bridge;
    }

    /// <summary>Lets time pass; both people speak, as far as they have something to say.</summary>
    public void Run(int milliseconds)
    {
        for (var end = _ticks + (milliseconds * 2 / 5); _ticks < end; _ticks++)
        {
            One.Speak(NowMs);
            Other.Speak(NowMs);
            Time.Advance(TimeSpan.FromMicroseconds(2500));
            Step();
            One.Listen();
            Other.Listen();
        }
    }

    public void Step()
    {
        _engineOne.Step();
        _engineOther.Step();
    }

    public void Dispose()
    {
        _engineOne.Dispose();
        _engineOther.Dispose();
        One.Dispose();
        Other.Dispose();
    }
}
