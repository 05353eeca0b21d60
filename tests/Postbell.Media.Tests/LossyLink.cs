namespace Postbell.Media.Tests;

/// <summary>The way of packets through a bad network, the same each time: some are lost, alone or in bursts, some come twice, each takes another time.</summary>
internal sealed class LossyLink(int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<byte[], (long Due, int Order)> _underWay = new();
    private int _order;
    private int _burst;

    /// <summary>Share of packets at which a loss begins.</summary>
    public double Loss { get; init; }

    /// <summary>Packets lost at once.</summary>
    public int BurstLength { get; init; } = 1;

    /// <summary>Share of packets that come twice.</summary>
    public double Duplicates { get; init; }

    /// <summary>Each packet takes up to this much longer; more than the time between packets also changes their order.</summary>
    public double JitterMs { get; set; }

    /// <summary>Share of packets that take <see cref="SpikeMs"/> more.</summary>
    public double Spikes { get; init; }

    /// <summary>How much longer those take.</summary>
    public double SpikeMs { get; init; }

    /// <summary>Numbers of the packets that were lost, counted from 0.</summary>
    public HashSet<int> Lost { get; } = [];

    /// <summary>Takes a packet at the entrance, that may take some milliseconds more than its network lets it.</summary>
    public void Enter(byte[] packet, double nowMs, double moreMs = 0)
    {
        // The first packets come as they were sent: with them the stream begins.
        var number = _order++;
        var jitter = number < 3 ? 0 : _random.NextDouble() * JitterMs;
        var spike = _random.NextDouble() < Spikes ? SpikeMs : 0;
        var twice = _random.NextDouble() < Duplicates;
        _burst = _burst == 0 && _random.NextDouble() < Loss ? BurstLength : _burst;
        if (_burst > 0)
        {
            _burst--;
            Lost.Add(number);
            return;
        }

        var due = (long)((nowMs + jitter + spike + moreMs) * 1000);
        _underWay.Enqueue(packet, (due, number));
        if (twice)
        {
            _underWay.Enqueue(packet, (due + 3000, number));
        }
    }

    /// <summary>Gives what has arrived by now.</summary>
    public void Leave(double nowMs, Action<byte[]> arrive)
    {
        while (_underWay.TryPeek(out var packet, out var at) && at.Due <= nowMs * 1000)
        {
            _underWay.Dequeue();
            arrive(packet);
        }
    }
}
