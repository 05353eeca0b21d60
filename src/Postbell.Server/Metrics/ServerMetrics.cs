using System.Diagnostics;
using System.Text.Json;
using Postbell.Server.Hosting;
using Postbell.Speech;

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
        WriteJournal(text);
        WriteSpeech(text);
        WriteImap(text);
        SmtpMetrics.Write(text, parts.Smtp.Statistics);
        SignInMetrics.Write(text, parts.Desk.Guard);
        WriteCertificates(text);
        DeliveryMetrics.Write(text, parts.Delivery.Statistics);
        if (parts.Outbound is { } outbound)
        {
            OutboundMetrics.Write(text, outbound.Queue.Statistics);
        }

        TelephoneMetrics.Write(text, parts.Telephone);
        TraceMetrics.Write(text, parts.Traces);
        NameMetrics.Write(text, parts.Telephone);
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

    private void WriteCertificates(PrometheusText text)
    {
        var certificates = parts.Certificates;
        var now = parts.Time.GetUtcNow();
        text.Family("um_certificate_expiry_seconds", "gauge", "Seconds until the certificate runs out; below 0 it has.");
        text.Sample("um_certificate_expiry_seconds", (certificates.Mail.ExpiresAt - now).TotalSeconds, ("use", "mail"));
        if (parts.Configuration.SipTls is not null)
        {
            text.Sample("um_certificate_expiry_seconds", (certificates.Sip.ExpiresAt - now).TotalSeconds, ("use", "sip"));
        }

        if (certificates.SipAuthorities is { } authorities)
        {
            text.Sample("um_certificate_expiry_seconds", (authorities.ExpiresAt - now).TotalSeconds, ("use", "sip_authorities"));
        }
    }

    private void WriteStore(PrometheusText text)
    {
        var store = parts.Store.Statistics;
        text.Single("um_store_healthy", "gauge", "1 while the store takes writes.", parts.Store.IsHealthy ? 1 : 0);
        text.Single("um_store_writes_total", "counter", "Write operations that were committed.", store.Writes);
        text.Single("um_store_transactions_total", "counter", "Transactions that carried them.", store.Transactions);
        text.Single("um_store_deliveries_total", "counter", "Messages stored by delivery.", store.Deliveries);
        text.Single("um_store_duplicates_total", "counter", "Deliveries that were stored already.", store.Duplicates);
        text.Single("um_store_scrubbed_total", "counter", "Messages and recordings read and compared with their checksums in the background.", store.Scrubbed);
        text.Single("um_store_damage_found_total", "counter", "How often bytes were found missing or damaged.", store.DamageFound);
        text.Single("um_store_orphans_removed_total", "counter", "Files that nothing named, removed.", store.OrphansRemoved);
        text.Single("um_store_removed_by_rule_total", "counter", "Messages removed by retention rules.", store.RemovedByRule);
        text.Single("um_store_purged_total", "counter", "Removed messages that went for good.", store.Purged);
    }

    private void WriteJournal(PrometheusText text)
    {
        var journal = parts.Journal.Statistics;
        text.Single("um_recording_lost_bytes_total", "counter", "Bytes of speech that could not be kept because the disk was too slow.", journal.LostBytes);
        text.Single("um_journal_healthy", "gauge", "1 while recordings can be made durable.", parts.Journal.Healthy ? 1 : 0);
        text.Single("um_journal_open_recordings", "gauge", "Recordings under way.", journal.OpenRecordings);
        text.Single("um_journal_segments", "gauge", "Files of the journal.", journal.Segments);
        text.Single("um_journal_written_bytes_total", "counter", "Bytes written.", journal.BytesWritten);
        text.Single("um_journal_syncs_total", "counter", "Writes made durable.", journal.Syncs);
        text.Single("um_journal_longest_sync_seconds", "gauge", "The longest of them.", journal.LongestSync.TotalSeconds);
        text.Single("um_journal_available_bytes", "gauge", "Free space on the disk of the journal.", journal.AvailableBytes);
    }

    private void WriteSpeech(PrometheusText text)
    {
        var speech = parts.Speech.Statistics;
        text.Single("um_speech_spoken_total", "counter", "Texts spoken.", speech.Spoken);
        text.Single("um_speech_worker_starts_total", "counter", "Starts of the speech worker.", speech.WorkerStarts);
        text.Family("um_speech_failures_total", "counter", "Texts not spoken, by reason.");
        foreach (var failure in Enum.GetValues<SpeechFailure>().Where(failure => failure != SpeechFailure.None))
        {
            text.Sample("um_speech_failures_total", speech.Failures(failure), ("reason", Label(failure)));
        }
    }

    private void WriteImap(PrometheusText text)
    {
        var imap = parts.ImapStatistics;
        text.Single("um_imap_connections", "gauge", "Open IMAP connections.", imap.OpenConnections);
        text.Single("um_imap_connections_total", "counter", "IMAP connections taken.", imap.Connections);
        text.Single("um_imap_connections_refused_total", "counter", "IMAP connections turned away because there were too many.", imap.RefusedConnections);
        text.Single("um_imap_tls_failures_total", "counter", "TLS handshakes that failed.", imap.TlsFailures);
        text.Family("um_imap_logins_total", "counter", "IMAP logins.");
        text.Sample("um_imap_logins_total", imap.Logins, ("result", "ok")).Sample("um_imap_logins_total", imap.LoginFailures, ("result", "refused"));
        text.Family("um_imap_commands_total", "counter", "IMAP commands.");
        foreach (var count in imap.Commands)
        {
            text.Sample("um_imap_commands_total", count.Count, ("command", count.Command), ("result", Label(count.Outcome)));
        }
    }

    private static string Label<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
