using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Postbell.Interop.Tests.Audio;

namespace Postbell.Interop.Tests.Phone;

/// <summary>The RTP of one call: sends a packet every 20 ms (silence, speech or a key), listens to what comes back.</summary>
public sealed class VoiceStream : IAsyncDisposable
{
    private const int Frame = 160;
    private const int EventPayloadType = 101;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ConcurrentQueue<Outgoing> _outgoing = new();
    private readonly CancellationTokenSource _end = new();
    private readonly int _payloadType;
    private readonly uint _source = (uint)Random.Shared.Next();
    private readonly ToneListener _listener = new();
    private readonly List<(long At, ushort Sequence)> _received = [];
    private readonly List<short> _heard = [];
    private Task _sending = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;
    private ushort _sequence = (ushort)Random.Shared.Next();
    private uint _timestamp = (uint)Random.Shared.Next();
    private int _packetsSent;
    private int _spokenFrames;

    public VoiceStream(int payloadType)
    {
        _payloadType = payloadType;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public IPEndPoint? Remote { get; private set; }

    public int BeepsHeard => _listener.TonesEnded;

    public TimeSpan SilentFor => _listener.SilentFor;

    public int PacketsSent => _packetsSent;

    /// <summary>How much of what was given to <see cref="SpeakAsync"/> has left.</summary>
    public TimeSpan Spoken => Pace * Volatile.Read(ref _spokenFrames);

    /// <summary>When each packet of the server came, and its sequence number.</summary>
    public IReadOnlyList<(long At, ushort Sequence)> Received
    {
        get
        {
            lock (_received)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>What the server said so far.</summary>
    public Pcm Heard
    {
        get
        {
            lock (_received)
            {
                return new Pcm([.. _heard]);
            }
        }
    }

    public string Describe() => $"{Received.Count} packets in, {_packetsSent} out, {_listener.Describe()}";

    public void Start(IPEndPoint remote)
    {
        Remote = remote;
        _sending = SendAsync(remote);
        _listening = ListenAsync();
    }

    public void Stop() => _end.Cancel();

    /// <summary>Ends when the last packet of it is sent.</summary>
    public Task SpeakAsync(byte[] encoded)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var at = 0; at < encoded.Length; at += Frame)
        {
            var last = at + Frame >= encoded.Length;
            var frame = new byte[Frame];
            Array.Fill(frame, Silence);
            encoded.AsSpan(at, Math.Min(Frame, encoded.Length - at)).CopyTo(frame);
            _outgoing.Enqueue(new Outgoing(frame, null, last ? done : null));
        }

        return done.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Silence of a known length, as a part of what is said.</summary>
    public Task SaySilenceAsync(TimeSpan length) => SpeakAsync([.. Enumerable.Repeat(Silence, (int)(length.TotalSeconds * 8000))]);

    /// <summary>A key of RFC 4733: 100 ms long, its end told three times, as the RFC wants it; then 100 ms nothing.</summary>
    public async Task PressAsync(char key)
    {
        var code = "0123456789*#ABCD".IndexOf(key);
        for (var update = 1; update <= 5; update++)
        {
            _outgoing.Enqueue(new Outgoing(null, new KeyEvent(code, update, End: false), null));
        }

        for (var repeat = 0; repeat < 3; repeat++)
        {
            _outgoing.Enqueue(new Outgoing(null, new KeyEvent(code, 5, End: true), null));
        }

        await SaySilenceAsync(TimeSpan.FromMilliseconds(100));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_sending, _listening);
        _socket.Dispose();
        _end.Dispose();
    }

    private byte Silence => _payloadType == 8 ? (byte)0xD5 : (byte)0xFF;

    private async Task SendAsync(IPEndPoint to)
    {
        var packet = new byte[12 + Frame];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var begin = Stopwatch.GetTimestamp();
        try
        {
            do
            {
                // By absolute deadlines: a late tick sends what it owes.
                while (Pace * _packetsSent <= Stopwatch.GetElapsedTime(begin))
                {
                    var length = Compose(packet, out var done);
                    _socket.SendTo(packet.AsSpan(0, length), to);
                    _packetsSent++;
                    done?.TrySetResult();
                }
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The call is over or the server gone.
        }

        foreach (var left in _outgoing)
        {
            left.Done?.TrySetException(new IOException("the call ended before all was said"));
        }
    }

    private int Compose(byte[] packet, out TaskCompletionSource? done)
    {
        _outgoing.TryDequeue(out var item);
        done = item?.Done;
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), _source);
        if (item?.Key is { } key)
        {
            // All packets of one key carry the time of its beginning.
            var start = _timestamp - (uint)((key.End ? 5 : key.Update - 1) * Frame);
            packet[1] = (byte)(EventPayloadType | (key.Update == 1 && !key.End ? 0x80 : 0));
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), start);
            packet[12] = (byte)key.Code;
            packet[13] = (byte)(10 | (key.End ? 0x80 : 0));
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), (ushort)(key.Update * Frame));
            _timestamp += key.End ? 0 : (uint)Frame;
            return 16;
        }

        packet[1] = (byte)_payloadType;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), _timestamp);
        _timestamp += Frame;
        if (item?.Audio is { } audio)
        {
            audio.CopyTo(packet, 12);
            _spokenFrames++;
        }
        else
        {
            packet.AsSpan(12).Fill(Silence);
        }

        return 12 + Frame;
    }

    private async Task ListenAsync()
    {
        var packet = new byte[2048];
        while (true)
        {
            try
            {
                var length = await _socket.ReceiveAsync(packet, _end.Token);
                if (length < 13)
                {
                    continue;
                }

                Func<byte, short> decode = _payloadType == 8 ? Companding.FromALaw : Companding.FromMuLaw;
                lock (_received)
                {
                    _received.Add((Stopwatch.GetTimestamp(), BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2))));
                    _heard.AddRange(packet[12..length].Select(decode));
                }

                _listener.Hear(packet.AsSpan(12, length - 12), decode);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Port unreachable while the server restarts.
            }
        }
    }

    private sealed record Outgoing(byte[]? Audio, KeyEvent? Key, TaskCompletionSource? Done);

    private sealed record KeyEvent(int Code, int Update, bool End);
}
