using System.Buffers.Binary;
using Postbell.Bench.Sockets;

namespace Postbell.Bench.Load;

/// <summary>The audio of all calls, over a few sockets: each call has its own millisecond of the 20 in which its packet leaves.</summary>
internal sealed class RtpTraffic : IDisposable
{
    private const int Slots = 20;
    private const int SocketCount = 8;
    private const int HeaderBytes = 12;
    private const int MostOffsets = 1000;
    private const int BufferBytes = 8 << 20;
    private const int WarmUpTicks = 800;

    private readonly BatchSocket[] _sockets;
    private readonly List<Call>[] _speaking = [.. Enumerable.Range(0, Slots).Select(_ => new List<Call>())];
    private readonly Call?[] _bySource = new Call?[65536];

    // Audio may overtake the 200 that names its port: the last packet of nobody, for the call that turns out to own it.
    private readonly (long ArrivedAt, ushort Sequence)[] _unclaimed = new (long, ushort)[65536];
    private readonly byte[] _speech = SpeechSource.Encode(SpeechSource.Minute());
    private readonly BatchSocket.PacketHandler _onPacket;
    private readonly long _frames;
    private long _lastSlot;
    private int _ticks;

    public RtpTraffic(TimeSpan length, int firstPort)
    {
        _sockets = [.. Enumerable.Range(0, SocketCount).Select(i => new BatchSocket(BufferBytes, firstPort == 0 ? 0 : firstPort + i))];
        _frames = (long)(length.TotalMilliseconds / 20);
        _onPacket = OnPacket;
    }

    public long PacketsSent { get; private set; }

    public long NotSent => _sockets.Sum(s => s.NotSent);

    /// <summary>How late, at worst, a slot was served: the generator's own error.</summary>
    public long WorstLatenessMilliseconds { get; private set; }

    public IEnumerable<int> Descriptors => _sockets.Select(s => s.Descriptor);

    public int PortOf(Call call) => _sockets[call.Index % SocketCount].Port;

    /// <summary>From now on what comes from this port is the call's.</summary>
    public void Listen(Call call)
    {
        _bySource[call.Remote!.Port] = call;
        var (arrivedAt, sequence) = _unclaimed[call.Remote.Port];
        if (arrivedAt >= call.InvitedAt)
        {
            Count(call, sequence, arrivedAt);
        }
    }

    public void Forget(Call call)
    {
        if (call.Remote is not null && _bySource[call.Remote.Port] == call)
        {
            _bySource[call.Remote.Port] = null;
        }
    }

    public void Speak(Call call)
    {
        call.Speaking = true;
        _speaking[call.Index % Slots].Add(call);
    }

    /// <summary>Sends what is due since the last time; calls that have said all are handed to <paramref name="onSaid"/>.</summary>
    public void SendDue(long now, Action<Call> onSaid)
    {
        var slot = now / 1_000_000;
        if (_lastSlot == 0)
        {
            _lastSlot = slot - 1;
        }

        // The first second is the runtime's: methods are compiled.
        _ticks++;
        WorstLatenessMilliseconds = _ticks < WarmUpTicks ? 0 : Math.Max(WorstLatenessMilliseconds, slot - _lastSlot - 1);
        for (; _lastSlot < slot; _lastSlot++)
        {
            var calls = _speaking[(_lastSlot + 1) % Slots];
            for (var i = calls.Count - 1; i >= 0; i--)
            {
                var call = calls[i];
                if (call.Over || call.FramesSent >= _frames)
                {
                    calls[i] = calls[^1];
                    calls.RemoveAt(calls.Count - 1);
                    call.Speaking = false;
                    onSaid(call);
                }
                else
                {
                    Send(call);
                }
            }
        }

        foreach (var socket in _sockets)
        {
            socket.Flush();
        }
    }

    public void Drain()
    {
        foreach (var socket in _sockets)
        {
            socket.Drain(_onPacket);
        }
    }

    /// <summary>What a call has sent, as the receiver decodes it.</summary>
    public short[] SentBy(Call call)
    {
        var sent = new short[call.FramesSent * SpeechSource.FrameBytes];
        for (var i = 0; i < sent.Length; i++)
        {
            sent[i] = SpeechSource.Decode(_speech[((call.StartFrame * SpeechSource.FrameBytes) + i) % _speech.Length]);
        }

        return sent;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Send(Call call)
    {
        var packet = _sockets[call.Index % SocketCount].Queue(call.Remote!, HeaderBytes + SpeechSource.FrameBytes);
        packet[0] = 0x80;
        packet[1] = (byte)(call.FramesSent == 0 ? 0x80 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], call.Sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], (uint)(call.FramesSent * SpeechSource.FrameBytes));
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], (uint)(0x50000000 + call.Index));
        var at = (call.StartFrame + call.FramesSent) * SpeechSource.FrameBytes % _speech.Length;
        _speech.AsSpan(at, SpeechSource.FrameBytes).CopyTo(packet[HeaderBytes..]);
        call.FramesSent++;
        PacketsSent++;
    }

    private void OnPacket(ReadOnlySpan<byte> packet, int sourcePort, long arrivedAt)
    {
        if (packet.Length < HeaderBytes)
        {
            return;
        }

        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (_bySource[sourcePort] is { } call)
        {
            Count(call, sequence, arrivedAt);
        }
        else
        {
            _unclaimed[sourcePort] = (arrivedAt, sequence);
        }
    }

    private static void Count(Call call, ushort sequence, long arrivedAt)
    {
        if (call.PacketsReceived++ == 0)
        {
            call.FirstPacketAt = arrivedAt;
            call.FirstSequence = sequence;
            call.LastSequence = (ushort)(sequence - 1);
        }

        var step = (ushort)(sequence - call.LastSequence);
        if (step is > 1 and < 1000)
        {
            call.Lost += step - 1;
        }

        call.LastSequence = sequence;
        if (call.Offsets.Count < MostOffsets)
        {
            // By the media time, so that a lost packet is no error of pace.
            var place = (ushort)(sequence - call.FirstSequence) * 20.0;
            call.Offsets.Add((float)(((arrivedAt - call.FirstPacketAt) / 1e6) - place));
        }
    }
}
