using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Media;
using Postbell.Media.Sdp;

namespace Postbell.Bench.Floor;

/// <summary>The product's own engine under the same packets: it records every call, or plays to every call.</summary>
internal sealed class EngineRun : IMediaSessionEvents, IRecordingSink
{
    private readonly MediaEngine _engine;
    private readonly MediaSession[] _sessions;

    public EngineRun(int count)
    {
        _engine = new MediaEngine(new MediaEngineOptions { FirstPort = 0, LastPort = 1 }, TimeProvider.System, NullLoggerFactory.Instance);
        _sessions = [.. Enumerable.Range(0, count).Select(_ => _engine.Open(IPAddress.Loopback, this))];
    }

    public IReadOnlyList<ushort> Ports => [.. _sessions.Select(s => (ushort)s.LocalRtp.Port)];

    public long Bytes { get; private set; }

    public MediaEngineStatistics Statistics => _engine.Statistics;

    public void Start(IReadOnlyList<ushort> peers, bool record, bool play)
    {
        var clip = new PlayList(AudioClip.Silence(TimeSpan.FromHours(1)));
        for (var i = 0; i < _sessions.Length; i++)
        {
            var remote = new IPEndPoint(IPAddress.Loopback, peers[i]);
            _sessions[i].Start(
                new NegotiatedAudio
                {
                    RemoteRtp = remote,
                    RemoteRtcp = remote,
                    PayloadType = 0,
                    Codec = VoiceCodec.Pcmu,
                    TelephoneEventPayloadType = 101,
                    Direction = MediaDirection.SendRecv,
                    Ptime = 20,
                    Body = default,
                },
                symmetric: false);
            if (record)
            {
                _ = _sessions[i].RecordAsync(this, new RecordLimits { SilenceTimeout = null }, CancellationToken.None);
            }

            if (play)
            {
                _ = _sessions[i].PlayAsync(clip, DigitSet.None, CancellationToken.None);
            }

            // Calls do not all begin in the same moment.
            Native.SleepUntil(Native.Now() + (200_000_000 / _sessions.Length));
        }
    }

    public void Append(ReadOnlySpan<byte> g711, G711Law law) => Bytes += g711.Length;

    public void Append(ReadOnlySpan<short> wide) => Bytes += wide.Length * sizeof(short);

    public void OnDigit(char digit, int durationMs)
    {
    }

    public void OnRtpTimeout()
    {
    }

    public void Stop() => _engine.Dispose();
}
