using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Postbell.Core;
using Postbell.Server.Tracing;
using Postbell.Sip;
using Postbell.Sip.Tracing;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Tracing;

public sealed class FailedCallFilesTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Only_the_newest_calls_stay_and_their_files_are_for_the_owner_alone()
    {
        using var folder = new TemporaryDirectory();
        var files = new FailedCallFiles(folder, 3, _time, NullLogger<FailedCallFiles>.Instance);
        for (var i = 0; i < 6; i++)
        {
            files.Post(Trace($"call-{i}", "No../../Ack\n"));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await files.DisposeAsync();
        files.Written.ShouldBe(6);
        var texts = System.IO.Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).ToArray();
        texts.Length.ShouldBe(3);
        texts.Select(path => File.ReadAllText(path).Split('\n')[1]).ShouldBe(["Call-ID  call-3", "Call-ID  call-4", "Call-ID  call-5"]);
        texts.ShouldAllBe(path => Path.GetFileName(path).Contains("-NoAck-", StringComparison.Ordinal));
        System.IO.Directory.GetFiles(folder, "*.pcap").Length.ShouldBe(3);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.Directory.GetFiles(folder).ShouldAllBe(path => File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Fact]
    public async Task A_storm_of_failures_writes_a_few_and_counts_the_others()
    {
        using var folder = new TemporaryDirectory();
        var files = new FailedCallFiles(folder, 1000, _time, NullLogger<FailedCallFiles>.Instance);
        for (var i = 0; i < 500; i++)
        {
            files.Post(Trace($"call-{i}", "TooManyCalls"));
        }

        await files.DisposeAsync();
        files.Written.ShouldBe(20);
        files.Skipped.ShouldBe(480);
        System.IO.Directory.GetFiles(folder, "*.txt").Length.ShouldBe(20);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_counted_and_ends_nothing()
    {
        using var folder = new TemporaryDirectory();
        var files = new FailedCallFiles(folder.File("missing"), 3, _time, NullLogger<FailedCallFiles>.Instance);
        files.Post(Trace("call-1", "NoAck"));
        files.Post(Trace("call-2", "NoAck"));
        await files.DisposeAsync();
        files.Failed.ShouldBe(2);
    }

    private CallTraceSnapshot Trace(string callId, string reason)
    {
        var end = new IPEndPoint(IPAddress.Loopback, 5060);
        var message = new TracedMessage(_time.GetUtcNow(), SipDirection.Received, SipTransport.Udp, end, end, Encoding.ASCII.GetBytes("INVITE sip:x SIP/2.0\r\n\r\n"), 24);
        return new CallTraceSnapshot(TraceId.New(_time), callId, _time.GetUtcNow(), true, reason, [], 1, [message]);
    }
}
