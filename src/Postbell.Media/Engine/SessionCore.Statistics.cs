using Postbell.Media.Quality;

namespace Postbell.Media.Engine;

/// <content>What it saw of the network.</content>
internal sealed partial class SessionCore
{
    /// <summary>Counters and quality until now. Any thread.</summary>
    public MediaStatistics Snapshot() => new()
    {
        PacketsReceived = _receiver.Received,
        PacketsSent = _sender.Packets,
        PacketsLost = _receiver.Lost,
        Reordered = _receiver.Reordered,
        Duplicates = _receiver.Duplicates,
        Late = _receiver.Late,
        Foreign = _intake.Foreign,
        Malformed = _intake.Malformed,
        Encrypted = _srtp.IsOn,
        Unauthentic = _intake.Unauthentic,
        Replayed = _intake.Replayed,
        SourceChanges = _receiver.SourceChanges,
        Jitter = _receiver.Jitter,
        RoundTrip = _reporter.RoundTrip,
        PeerLost = _reporter.PeerLost,
        PeerJitter = _reporter.PeerJitter,
        ReportsReceived = _reporter.ReportsReceived,
        Quality = new MediaQuality
        {
            Codec = _audio?.Codec,
            Losses = _receiver.Losses.Pattern(),
            NetworkLost = _receiver.Lost,
            Late = _receiver.Late,
            PacketMs = _audio?.Ptime ?? 20,
            MeanJitter = _receiver.MeanJitter,
            MaxJitter = _receiver.MaxJitter,
            RoundTrip = _reporter.RoundTrip,
            PeerLossRatio = _reporter.PeerJitter is null ? null : Math.Clamp(_reporter.PeerLost / (double)Math.Max(1, _sender.Packets), 0, 1),
            PeerJitter = _reporter.PeerJitter,
            PeerMetrics = _reporter.PeerMetrics,
        },
    };
}
