using Postbell.Smtp.Outbound;

namespace Postbell.Server.Metrics;

/// <summary>What the queue to other mail servers counts.</summary>
internal static class OutboundMetrics
{
    /// <summary>Adds the families.</summary>
    public static void Write(PrometheusText text, OutboundStatistics outbound)
    {
        text.Single("um_outbound_messages", "gauge", "Messages for other mail servers that wait or are being sent.", outbound.Waiting);
        text.Single("um_outbound_oldest_seconds", "gauge", "Age of the oldest of them.", outbound.Oldest.TotalSeconds);
        text.Single("um_outbound_queued_total", "counter", "Messages taken for other mail servers.", outbound.Queued);
        text.Single("um_outbound_refused_total", "counter", "Messages not taken: the queue was full or its disk failed.", outbound.Refused);
        text.Family("um_outbound_recipients_total", "counter", "Attempts to reach a recipient, by what came of them.");
        text.Sample("um_outbound_recipients_total", outbound.Sent, ("result", "sent"));
        text.Sample("um_outbound_recipients_total", outbound.Deferred, ("result", "deferred"));
        text.Sample("um_outbound_recipients_total", outbound.Failed, ("result", "failed"));
        text.Single("um_outbound_reports_total", "counter", "Reports to senders.", outbound.Reports);
        text.Single("um_outbound_session_failures_total", "counter", "Sessions with the smart host that could not be opened or broke.", outbound.SessionFailures);
    }
}
