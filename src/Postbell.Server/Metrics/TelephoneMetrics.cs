using System.Globalization;
using Postbell.Server.Hosting;
using Postbell.Telephony.Calls;
using Postbell.Telephony.GatewayHealth;

namespace Postbell.Server.Metrics;

/// <summary>What calls, lamps, SIP and media count. No label ever holds a number of a person.</summary>
internal static class TelephoneMetrics
{
    /// <summary>Adds the families.</summary>
    public static void Write(PrometheusText text, TelephoneParts telephone)
    {
        WriteCalls(text, telephone);
        WriteSip(text, telephone);
        WriteGateways(text, telephone);
        WriteMedia(text, telephone);
        WriteQuality(text, telephone.Statistics.Quality);
    }

    private static void WriteGateways(PrometheusText text, TelephoneParts telephone)
    {
        var standings = telephone.Probes.Standings;
        text.Family("um_gateway_up", "gauge", "1 while a gateway answers OPTIONS; not there before the first answer is due.");
        foreach (var gateway in standings.Where(g => g.State != GatewayState.Unknown))
        {
            text.Sample("um_gateway_up", gateway.State == GatewayState.Up ? 1 : 0, ("gateway", gateway.Gateway));
        }

        text.Family("um_gateway_probes_total", "counter", "OPTIONS sent to gateways, by result.");
        foreach (var gateway in standings)
        {
            text.Sample("um_gateway_probes_total", gateway.Answered, ("gateway", gateway.Gateway), ("result", "answered"));
            text.Sample("um_gateway_probes_total", gateway.Unanswered, ("gateway", gateway.Gateway), ("result", "unanswered"));
        }

        text.Family("um_gateway_round_trip_seconds", "gauge", "Time from the last OPTIONS to its answer.");
        foreach (var gateway in standings.Where(g => g.LastStatus is not null))
        {
            text.Sample("um_gateway_round_trip_seconds", gateway.RoundTrip.TotalSeconds, ("gateway", gateway.Gateway));
        }
    }

    private static void WriteCalls(PrometheusText text, TelephoneParts telephone)
    {
        text.Single("um_calls_active", "gauge", "Calls in progress.", telephone.Service.Calls.Count);
        text.Family("um_calls_total", "counter", "Calls by what became of them.");
        foreach (var (result, count) in telephone.Statistics.Calls.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            text.Sample("um_calls_total", count, ("type", "call_answering"), ("result", result));
        }

        text.Single("um_outbound_calls_active", "gauge", "Calls that we make, ringing or up.", telephone.Outbound.Count);
        text.Family("um_outbound_calls_total", "counter", "Calls that we made by what became of them, and those that were not made by the reason.");
        foreach (var (result, count) in telephone.Statistics.OutboundCalls.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            text.Sample("um_outbound_calls_total", count, ("result", result));
        }

        text.Family("um_mwi_notify_total", "counter", "Lamp notifications by result.");
        foreach (var (result, count) in telephone.Statistics.LampNotifications.OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            text.Sample("um_mwi_notify_total", count, ("result", result));
        }

        text.Family("um_text_messages_total", "counter", "Text messages by what became of them.");
        foreach (var (result, count) in telephone.Statistics.TextMessages.OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            text.Sample("um_text_messages_total", count, ("result", result));
        }

        text.Single("um_subscriptions_active", "gauge", "Subscriptions of telephones to lamps.", telephone.Events.Count);
        text.Single("um_prompt_fallbacks_total", "counter", "Times a tone was played because a prompt was missing.", telephone.Statistics.PromptFallbacks);
    }

    private static void WriteSip(PrometheusText text, TelephoneParts telephone)
    {
        var sip = telephone.Sip.Statistics;
        text.Family("um_sip_requests_total", "counter", "SIP requests received, by method.");
        foreach (var (method, count) in sip.RequestsByMethod)
        {
            text.Sample("um_sip_requests_total", count, ("method", method));
        }

        text.Family("um_sip_responses_total", "counter", "SIP responses by status and direction.");
        foreach (var (status, count) in sip.ResponsesSent)
        {
            text.Sample("um_sip_responses_total", count, ("direction", "sent"), ("status", status.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var (status, count) in sip.ResponsesReceived)
        {
            text.Sample("um_sip_responses_total", count, ("direction", "received"), ("status", status.ToString(CultureInfo.InvariantCulture)));
        }

        text.Family("um_sip_parse_failures_total", "counter", "Messages that were no SIP, by what was wrong.");
        foreach (var (failure, count) in sip.ParseFailures)
        {
            text.Sample("um_sip_parse_failures_total", count, ("reason", failure.ToString()));
        }

        text.Family("um_sip_retransmissions_total", "counter", "Messages that came or went more than once.");
        text.Sample("um_sip_retransmissions_total", sip.RetransmissionsReceived, ("direction", "received"));
        text.Sample("um_sip_retransmissions_total", sip.RetransmissionsSent, ("direction", "sent"));
        text.Single("um_sip_refused_peers_total", "counter", "Requests from addresses that are no gateway.", sip.RefusedPeers);
        text.Single("um_bans_active", "gauge", "Strangers that are not read for a while because they sent too much.", sip.ActiveBans);
        text.Single("um_bans_total", "counter", "Bans of strangers.", sip.Bans);
        text.Single("um_sip_dropped_total", "counter", "Messages of banned strangers, not read.", sip.DroppedMessages);
        text.Single("um_sip_overloads_total", "counter", "Requests refused at a limit.", sip.Overloads);
        text.Single("um_sip_dialogs", "gauge", "Dialogs.", sip.Dialogs);
        text.Single("um_sip_connections", "gauge", "Connections, of all kinds.", sip.Connections);
        text.Single("um_sip_tls_handshakes_total", "counter", "TLS handshakes that led to a connection.", sip.TlsHandshakes);
        text.Family("um_sip_tls_failures_total", "counter", "TLS handshakes that failed, by reason.");
        foreach (var (failure, count) in sip.TlsFailures)
        {
            text.Sample("um_sip_tls_failures_total", count, ("reason", failure.ToString()));
        }

        text.Single("um_sip_connections_refused_total", "counter", "Connections closed at once because of a limit or a ban.", sip.ConnectionsRefused);
        text.Single("um_sip_websockets_total", "counter", "Connections that became WebSockets.", sip.WebSockets);
        text.Family("um_sip_websocket_failures_total", "counter", "WebSocket handshakes that failed, by reason.");
        foreach (var (failure, count) in sip.WebSocketFailures)
        {
            text.Sample("um_sip_websocket_failures_total", count, ("reason", failure.ToString()));
        }
    }

    private static void WriteQuality(PrometheusText text, QualityStatistics quality)
    {
        Write("um_mos", "Opinion scores of listening to callers, one of each call (E-model, 1 to 4.41).", quality.Mos);
        Write("um_rtp_loss_ratio", "Part of a call's packets that never came or came too late.", quality.LossRatio);
        Write("um_rtp_jitter_seconds", "Mean jitter of a call.", quality.Jitter);
        Write("um_rtp_round_trip_seconds", "Round trip of a call whose peer sends RTCP reports.", quality.RoundTrip);

        void Write(string name, string help, ValueHistogram values)
        {
            var (counts, sum) = values.Read();
            text.Histogram(name, help, values.Bounds, counts, sum);
        }
    }

    private static void WriteMedia(PrometheusText text, TelephoneParts telephone)
    {
        var media = telephone.Media.Statistics;
        text.Single("um_rtp_sessions", "gauge", "Open media sessions.", media.Sessions);
        text.Family("um_rtp_packets_total", "counter", "RTP packets.");
        text.Sample("um_rtp_packets_total", media.PacketsIn, ("direction", "in")).Sample("um_rtp_packets_total", media.PacketsOut, ("direction", "out"));
        text.Family("um_rtp_dropped_total", "counter", "Packets dropped, by why.");
        text.Sample("um_rtp_dropped_total", media.ForeignPackets, ("reason", "foreign"));
        text.Sample("um_rtp_dropped_total", media.MalformedPackets, ("reason", "malformed"));
        text.Sample("um_rtp_dropped_total", media.UnauthenticPackets, ("reason", "unauthentic"));
        text.Sample("um_rtp_dropped_total", media.SendFailures, ("reason", "send_failed"));
        text.Single("um_media_ticks_total", "counter", "Steps of the media engine.", media.Ticks);
        text.Single("um_media_skipped_ticks_total", "counter", "Steps left out because the engine was held up.", media.SkippedTicks);
        text.Single("um_media_lateness_p99_seconds", "gauge", "99 of 100 steps began no later than this.", media.LatenessP99.TotalSeconds);
        text.Single("um_media_lateness_max_seconds", "gauge", "The latest step.", media.LatenessMax.TotalSeconds);
    }
}
