using Postbell.Server.Hosting;
using Postbell.Sip.Authentication;

namespace Postbell.Server.Metrics;

/// <summary>What look-ups of host names and credentials of gateways count.</summary>
internal static class NameMetrics
{
    /// <summary>Adds the families.</summary>
    public static void Write(PrometheusText text, TelephoneParts telephone)
    {
        var dns = telephone.Names.Resolver.Statistics;
        text.Family("um_dns_lookups_total", "counter", "Questions to name servers, by what came of them.");
        text.Sample("um_dns_lookups_total", dns.Found, ("result", "found"));
        text.Sample("um_dns_lookups_total", dns.None, ("result", "none"));
        text.Sample("um_dns_lookups_total", dns.Failed, ("result", "failed"));
        text.Single("um_dns_cache_hits_total", "counter", "Questions answered from memory.", dns.CacheHits);
        text.Single("um_dns_timeouts_total", "counter", "Times one name server gave no answer.", dns.Timeouts);
        text.Single("um_dns_unusable_total", "counter", "Answers of name servers that said they failed, or could not be read.", dns.Unusable);
        text.Single("um_dns_foreign_total", "counter", "Datagrams that answered no question: somebody may be guessing.", dns.Foreign);
        text.Single("um_dns_cached", "gauge", "Answers remembered.", telephone.Names.Resolver.Cached);
        var gateways = telephone.Names.Gateways.Locations;
        text.Family("um_gateway_addresses", "gauge", "Addresses known of a gateway that is configured by host name.");
        foreach (var gateway in gateways)
        {
            text.Sample("um_gateway_addresses", gateway.Destinations.Count, ("gateway", gateway.Gateway));
        }

        text.Family("um_gateway_lookup_ok", "gauge", "1 while the last look-up of the gateway's host name was good.");
        foreach (var gateway in gateways)
        {
            text.Sample("um_gateway_lookup_ok", gateway.Problem is null ? 1 : 0, ("gateway", gateway.Gateway));
        }

        text.Single("um_sip_unreachable", "gauge", "Addresses that did not answer lately and are left out where there are others.", telephone.Names.Unreachable.Count);
        text.Single("um_sip_lookups_skipped_total", "counter", "Names in Contact and Record-Route not looked up because too many were under way.", telephone.Sip.Statistics.SkippedLookups);
        text.Family("um_sip_authentications_total", "counter", "Requests of peers that must show credentials, by what these were worth.");
        foreach (var (verdict, count) in telephone.Sip.Statistics.Authentications)
        {
            text.Sample("um_sip_authentications_total", count, ("result", verdict));
        }

        text.Family("um_sip_challenges_total", "counter", "Challenges to our requests, answered or why not.");
        foreach (var (refusal, count) in telephone.Sip.Statistics.Challenges)
        {
            text.Sample("um_sip_challenges_total", count, ("result", refusal == DigestRefusal.None ? "Answered" : refusal.ToString()));
        }
    }
}
