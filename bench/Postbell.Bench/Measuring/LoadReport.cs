using Postbell.Bench.Load;
using Postbell.Bench.Mail;

namespace Postbell.Bench.Measuring;

/// <summary>Costs of the server in one window of a run.</summary>
internal sealed record Cost(double Seconds, double CallSeconds, double CpuSeconds, double CpuMillisecondsPerCallSecond, double? InstructionsPerCallSecond, double? UserInstructions, double? KernelInstructions);

/// <summary>All that is known of one run, as it is written to the result file.</summary>
internal sealed record LoadReport
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public required int Calls { get; init; }

    public required double Rate { get; init; }

    public required double LengthSeconds { get; init; }

    public required int Succeeded { get; init; }

    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    public required int Resent { get; init; }

    public double? SetUpP50 { get; init; }

    public double? SetUpP99 { get; init; }

    public double? FirstRtpP50 { get; init; }

    public double? FirstRtpP99 { get; init; }

    public double? PaceP50 { get; init; }

    public double? PaceP99 { get; init; }

    public long PacketsSent { get; init; }

    public long PacketsReceived { get; init; }

    public long PacketsLost { get; init; }

    public long PacketsNotSent { get; init; }

    public Cost? Steady { get; init; }

    public Cost? Whole { get; init; }

    public double? WholeInstructionsPerCall { get; init; }

    public double? ServerMegabytes { get; init; }

    public double? IdleMegabytes { get; init; }

    public int? ServerThreads { get; init; }

    public required double GeneratorCpuShare { get; init; }

    public required long GeneratorWorstLateness { get; init; }

    public MailFindings? Mail { get; init; }

    public double? DeliveredP50 { get; init; }

    public double? DeliveredP99 { get; init; }

    public int? DeliveredCount { get; init; }

    public static (Spread SetUp, Spread FirstRtp, Spread Pace) TimesOf(IEnumerable<Call> calls)
    {
        var (setUp, first, pace) = (new Spread(), new Spread(), new Spread());
        foreach (var call in calls)
        {
            if (call.AnsweredAt > 0)
            {
                setUp.Add((call.AnsweredAt - call.InvitedAt) / 1e6);
            }

            if (call.FirstPacketAt > 0 && call.AnsweredAt > 0)
            {
                first.Add((call.FirstPacketAt - call.AnsweredAt) / 1e6);
            }

            if (call.Offsets.Count > 10)
            {
                // The grid is the call's own: its median packet is on time by definition.
                var middle = call.Offsets.Order().ElementAt(call.Offsets.Count / 2);
                foreach (var offset in call.Offsets)
                {
                    pace.Add(Math.Abs(offset - middle));
                }
            }
        }

        return (setUp, first, pace);
    }
}
