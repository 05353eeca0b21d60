namespace Postbell.Interop.Tests.Network;

/// <summary>The audio packets of one direction, with the faults of the line. It knows no time: what is late is late by a number of packets.</summary>
/// <param name="faults">What happens, and how often.</param>
/// <param name="send">Takes what arrives.</param>
public sealed class FaultyStream(LineFaults faults, Action<byte[]> send)
{
    private readonly Random _chance = new(faults.Seed);
    private readonly List<(int Behind, byte[] Packet)> _late = [];

    public int Carried { get; private set; }

    public int Lost { get; private set; }

    public int Doubled { get; private set; }

    public int Reordered { get; private set; }

    public void Carry(byte[] packet)
    {
        Carried++;
        if (_chance.NextDouble() < faults.Loss)
        {
            Lost++;
        }
        else if (_chance.NextDouble() < faults.Reordering)
        {
            Reordered++;
            _late.Add((Carried + _chance.Next(1, 4), packet));
        }
        else
        {
            send(packet);
            if (_chance.NextDouble() < faults.Duplicates)
            {
                Doubled++;
                _late.Add((Carried + 2, packet));
            }
        }

        foreach (var late in _late.Where(late => late.Behind <= Carried).ToArray())
        {
            send(late.Packet);
            _late.Remove(late);
        }
    }
}
