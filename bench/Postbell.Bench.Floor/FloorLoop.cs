namespace Postbell.Bench.Floor;

/// <summary>
/// The least a media engine in C# can do: on one thread, every 20 ms in eight slots, take what waits on each socket and, when asked, send one packet of
/// 160 bytes back. No parsing, no statistics, no timeline: what any engine costs more than this is its own.
/// </summary>
internal sealed class FloorLoop
{
    private const long PeriodNs = 20_000_000;
    private const int Slots = 8;

    private readonly int[] _sockets;
    private readonly ushort[] _ports;
    private readonly bool _receive;
    private IReadOnlyList<ushort>? _peers;
    private volatile bool _stop;
    private Thread? _thread;

    public FloorLoop(int count, bool receive)
    {
        _receive = receive;
        _sockets = new int[count];
        _ports = new ushort[count];
        for (var i = 0; i < count; i++)
        {
            _sockets[i] = Native.Open(out _ports[i]);
        }
    }

    public IReadOnlyList<ushort> Ports => _ports;

    public long Received { get; private set; }

    public long Sent { get; private set; }

    /// <summary>Starts; sends to <paramref name="peers"/> when they are given.</summary>
    public void Start(IReadOnlyList<ushort>? peers)
    {
        _peers = peers;
        _thread = new Thread(Run) { IsBackground = true, Name = "floor" };
        _thread.Start();
    }

    public void Stop()
    {
        _stop = true;
        _thread!.Join();
    }

    private void Run()
    {
        var buffer = GC.AllocateArray<byte>(2048, pinned: true);
        var packet = GC.AllocateArray<byte>(172, pinned: true);
        var deadline = Native.Now();
        for (var tick = 0; !_stop; tick++)
        {
            deadline += PeriodNs / Slots;
            Native.SleepUntil(deadline);
            for (var i = tick % Slots; i < _sockets.Length; i += Slots)
            {
                while (_receive && Native.Receive(_sockets[i], buffer, out _))
                {
                    Received++;
                }

                if (_peers is { } peers)
                {
                    Sent += Native.Send(_sockets[i], packet, peers[i]) ? 1 : 0;
                }
            }
        }
    }
}
