using Postbell.Media.Rtp;

namespace Postbell.Bench.Floor;

/// <summary>The other end of all calls on one thread: one packet of 20 ms to every port, spread over the period; takes what comes back.</summary>
internal sealed class Generator(IReadOnlyList<ushort> targets, bool send)
{
    private const long PeriodNs = 20_000_000;
    private const int Slots = 20;

    private readonly int[] _sockets = new int[targets.Count];
    private readonly ushort[] _ports = new ushort[targets.Count];
    private volatile bool _stop;
    private Thread? _thread;

    public long Sent { get; private set; }

    public long Received { get; private set; }

    /// <summary>Ports the packets come from, in the order of the targets.</summary>
    public IReadOnlyList<ushort> Ports => _ports;

    public void Open()
    {
        for (var i = 0; i < targets.Count; i++)
        {
            _sockets[i] = Native.Open(out _ports[i]);
        }
    }

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "generator" };
        _thread.Start();
    }

    public void Stop()
    {
        _stop = true;
        _thread!.Join();
    }

    private void Run()
    {
        var packet = new byte[172];
        var buffer = new byte[2048];
        new Random(1).NextBytes(packet);
        var deadline = Native.Now();
        for (var tick = 0; !_stop; tick++)
        {
            deadline += PeriodNs / Slots;
            Native.SleepUntil(deadline);
            for (var i = tick % Slots; i < _sockets.Length; i += Slots)
            {
                while (Native.Receive(_sockets[i], buffer, out _))
                {
                    Received++;
                }

                if (send)
                {
                    RtpPacket.WriteHeader(packet, 0, false, (ushort)(tick / Slots), (uint)(tick / Slots * 160), (uint)i + 1);
                    Sent += Native.Send(_sockets[i], packet, targets[i]) ? 1 : 0;
                }
            }
        }
    }
}
