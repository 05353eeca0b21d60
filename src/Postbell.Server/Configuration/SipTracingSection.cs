using System.Net;
using Postbell.Directory.Yaml;
using Postbell.Sip.Tracing;

namespace Postbell.Server.Configuration;

/// <summary>Reads <c>sip.trace</c> and <c>sip.homer</c>.</summary>
internal static class SipTracingSection
{
    private const int LongestPassword = 128;

    /// <summary>What the section <c>sip</c> says about tracing.</summary>
    public static SipTracing Read(YamlSection sip)
    {
        var so = new SipTracing();
        if (sip.Section("trace") is { } trace)
        {
            so = so with
            {
                MemoryMegabytes = trace.Integer("memoryMegabytes", so.MemoryMegabytes, 0, 1024),
                KeepFor = trace.Duration("keepFor", so.KeepFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
                FailedCalls = trace.Integer("failedCalls", so.FailedCalls, 0, 10_000),
            };
        }

        if (sip.Section("homer") is not { } homer)
        {
            return so;
        }

        if (so.MemoryMegabytes == 0)
        {
            homer.Report("needs trace.memoryMegabytes above 0: only calls that are traced are sent");
        }

        return so with { Homer = ReadHomer(homer) };
    }

    private static HepOptions? ReadHomer(YamlSection homer)
    {
        var text = homer.RequiredText("address");
        var captureId = homer.Integer("captureId", 1, 0, int.MaxValue);
        var password = homer.Text("password", LongestPassword);
        if (IPEndPoint.TryParse(text, out var collector) && collector.Port != 0)
        {
            return new HepOptions { Collector = collector, CaptureId = (uint)captureId, Password = password };
        }

        if (text.Length > 0)
        {
            homer.Report("address", $"must be an IP address and a port, for instance 192.0.2.20:9060, not \"{text}\"");
        }

        return null;
    }
}
