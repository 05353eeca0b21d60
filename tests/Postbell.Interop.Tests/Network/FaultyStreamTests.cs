namespace Postbell.Interop.Tests.Network;

/// <summary>A line that had no faults would prove nothing.</summary>
public class FaultyStreamTests
{
    [Fact]
    public void Packets_are_lost_doubled_and_reordered_as_often_as_asked()
    {
        var arrived = new List<int>();
        var stream = new FaultyStream(new LineFaults { Loss = 0.05, Duplicates = 0.05, Reordering = 0.05 }, packet => arrived.Add(BitConverter.ToInt32(packet)));
        for (var number = 0; number < 10_000; number++)
        {
            stream.Carry(BitConverter.GetBytes(number));
        }

        stream.Lost.ShouldBeInRange(400, 600);
        stream.Doubled.ShouldBeInRange(350, 600);
        stream.Reordered.ShouldBeInRange(350, 600);
        arrived.Distinct().Count().ShouldBeInRange(10_000 - stream.Lost - 3, 10_000 - stream.Lost);
        arrived.Zip(arrived.Skip(1), (before, after) => after < before).Count(early => early).ShouldBeGreaterThan(stream.Reordered / 2);
    }
}
