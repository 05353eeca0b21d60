using System.Text.Json;
using Postbell.Delivery;

namespace Postbell.Server.Metrics;

/// <summary>What the way from recording to mailbox counts.</summary>
internal static class DeliveryMetrics
{
    /// <summary>Adds the families.</summary>
    public static void Write(PrometheusText text, DeliveryStatistics delivery)
    {
        text.Family("um_deposit_total", "counter", "Attempts to bring a message into a mailbox, by kind and result.");
        foreach (var ((kind, result), count) in delivery.Deposits)
        {
            text.Sample("um_deposit_total", count, ("kind", Label(kind)), ("result", Label(result)));
        }

        text.Histogram(
            "um_deposit_commit_seconds", "From durable in the spool to durable in the mailbox.", DeliveryStatistics.CommitBounds, delivery.CommitSeconds, delivery.CommitSecondsSum);
        text.Family("um_queue_messages", "gauge", "Messages between recording and mailbox.");
        foreach (var state in Enum.GetValues<QueueState>())
        {
            text.Sample("um_queue_messages", delivery.Queue.GetValueOrDefault(state), ("queue", "deposit"), ("state", Label(state)));
        }

        text.Single("um_queue_oldest_seconds", "gauge", "Age of the oldest of them.", delivery.Oldest.TotalSeconds);
        text.Single("um_recording_interrupted_total", "counter", "Recordings cut off by a crash that were recovered.", delivery.Interrupted);
        text.Single("um_mp3_substitutions_total", "counter", "Messages with WAV because the MP3 library is missing.", delivery.Mp3Substitutions);
        text.Single("um_ledger_failures_total", "counter", "Ledger rows that could not be written.", delivery.LedgerFailures);
    }

    private static string Label<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
