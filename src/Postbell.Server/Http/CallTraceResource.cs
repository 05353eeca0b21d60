using System.Text;
using Postbell.Server.Hosting;
using Postbell.Sip.Tracing;

namespace Postbell.Server.Http;

/// <summary>
/// /api/v1/calls/recent: calls whose signalling is remembered. /api/v1/calls/trace?call=NAME (JSON), trace.txt (a ladder, with messages=true all of it) and
/// trace.pcap: the signalling of one; NAME is an id, a Call-ID, <c>last</c> or <c>failed</c>.
/// </summary>
internal sealed class CallTraceResource(ServerParts parts)
{
    private const int MostRecent = 100;

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/calls/recent", () => Results.Json(new RecentCallsReply([.. (parts.Traces.Calls?.Recent(MostRecent) ?? []).Select(Row)]), Json.Options));
        routes.MapGet("/api/v1/calls/trace", (string? call) => Show(call, trace => Results.Json(Reply(trace), Json.Options)));
        routes.MapGet("/api/v1/calls/trace.txt", (string? call, bool? messages) => Show(call, trace => Results.Text(TraceLadder.Draw(trace, messages ?? false))));
        routes.MapGet("/api/v1/calls/trace.pcap", (string? call) => Show(call, trace => Results.Bytes(TracePcap.Write(trace), "application/vnd.tcpdump.pcap")));
    }

    private IResult Show(string? call, Func<CallTraceSnapshot, IResult> form)
    {
        if (parts.Traces.Calls is null)
        {
            return Problem.NotFound("no signalling is remembered: sip.trace.memoryMegabytes is 0");
        }

        return string.IsNullOrEmpty(call) ? Problem.Invalid("which call? call=ID, a Call-ID, last or failed")
            : parts.Traces.Find(call) is { } trace ? form(trace)
            : Problem.NotFound($"no call \"{call}\" is remembered");
    }

    private static RecentCallRow Row(CallTraceSnapshot call) => new(
        call.Id.ToString(), call.CallId, call.BeganAt, call.Failure is not null ? "failed" : call.HasEnded ? "ended" : "running", call.Failure, call.MessageCount, call.Notes);

    private static CallTraceReply Reply(CallTraceSnapshot call) => new(
        call.Id.ToString(), call.CallId, call.BeganAt, call.HasEnded, call.Failure, call.Notes, call.MessageCount,
        [.. call.Messages.Select(m => new CallTraceMessage(
            m.At, m.Direction, m.Transport, m.Source.ToString(), m.Destination.ToString(), TraceLadder.Summarize(m), m.Length, Encoding.UTF8.GetString(m.Bytes.Span)))]);
}
