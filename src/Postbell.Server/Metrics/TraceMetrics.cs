using Postbell.Server.Tracing;

namespace Postbell.Server.Metrics;

/// <summary>What is remembered of signalling.</summary>
internal static class TraceMetrics
{
    /// <summary>Adds the families.</summary>
    public static void Write(PrometheusText text, SignallingTraces traces)
    {
        if (traces.Calls?.Statistics is { } calls)
        {
            text.Single("um_trace_calls", "gauge", "Calls whose SIP messages are remembered.", calls.Calls);
            text.Single("um_trace_bytes", "gauge", "Memory their messages take.", calls.Bytes);
            text.Single("um_trace_forgotten_calls_total", "counter", "Calls forgotten because of their age or to make room.", calls.Forgotten);
            text.Single("um_trace_failed_calls_total", "counter", "Calls that failed, refused ones included.", calls.Failed);
            text.Family("um_trace_messages_total", "counter", "SIP messages of calls.");
            text.Sample("um_trace_messages_total", calls.Kept, ("result", "kept")).Sample("um_trace_messages_total", calls.Dropped, ("result", "dropped"));
        }

        if (traces.Files is { } files)
        {
            text.Family("um_trace_files_total", "counter", "Failed calls whose SIP messages were to be written to the data folder.");
            text.Sample("um_trace_files_total", files.Written, ("result", "written")).Sample("um_trace_files_total", files.Skipped, ("result", "skipped"));
            text.Sample("um_trace_files_total", files.Failed, ("result", "failed"));
        }

        if (traces.Homer is { } homer)
        {
            text.Family("um_hep_packets_total", "counter", "SIP messages for the collector.");
            text.Sample("um_hep_packets_total", homer.Sent, ("result", "sent")).Sample("um_hep_packets_total", homer.Dropped, ("result", "dropped"));
        }
    }
}
