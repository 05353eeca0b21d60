using System.Diagnostics;
using Postbell.Server.Hosting;

namespace Postbell.Server.Metrics;

/// <summary>Gathers the counters of all parts at the moment somebody asks.</summary>
internal sealed class ServerMetrics(ServerParts parts)
{
    /// <summary>Everything in the Prometheus text format.</summary>
    public string Write()
    {
        var text = new PrometheusText();
        WriteProcess(text);
        WriteStore(text);
        return text.ToString();
    }

    private void WriteProcess(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("um_build_info", "gauge", "Always 1; the version is the label.").Sample("um_build_info", 1, ("version", ProductVersion.Text));
        text.Single("process_start_time_seconds", "gauge", "When the server started, seconds since 1970.", parts.StartedAt.ToUnixTimeMilliseconds() / 1000.0);
        text.Single("process_cpu_seconds_total", "counter", "Processor time of the server in seconds.", process.TotalProcessorTime.TotalSeconds);
        text.Single("process_resident_memory_bytes", "gauge", "Memory of the server in bytes.", process.WorkingSet64);
        text.Single("um_gc_pause_seconds_total", "counter", "Time in which memory was collected and nothing else ran.", GC.GetTotalPauseDuration().TotalSeconds);
    }

    private void WriteStore(PrometheusText text)
    {
        var store = parts.Store.Statistics;
        text.Single("um_store_healthy", "gauge", "1 while the store takes writes.", parts.Store.IsHealthy ? 1 : 0);
        text.Single("um_store_writes_total", "counter", "Write operations that were committed.", store.Writes);
        text.Single("um_store_transactions_total", "counter", "Transactions that carried them.", store.Transactions);
        text.Single("um_store_deliveries_total", "counter", "Messages stored by delivery.", store.Deliveries);
        text.Single("um_store_duplicates_total", "counter", "Deliveries that were stored already.", store.Duplicates);
    }
}
