using Microsoft.Extensions.Logging;
using Postbell.Server.Hosting;
using Postbell.TestKit;

namespace Postbell.Server.Tests.Hosting;

public sealed class LineLogTests
{
    [Fact]
    public async Task An_event_is_one_line_whatever_a_stranger_put_into_it()
    {
        using var place = new TemporaryDirectory();
        using var terminal = new StringWriter();
        await using (var log = new LineLog(place, terminal, LogLevel.Warning, new ManualTime()))
        {
            log.CreateLogger("Postbell.Sip.Transport").LogWarning("Refused {Agent}", "evil\r\n2026-03-01 error Faked: line\u001b[31m");
            log.CreateLogger("Postbell.Sip.Transport").LogInformation("Quiet");
        }

        terminal.ToString().ShouldBe("2026-03-01T09:00:00.000Z warn Transport: Refused evil 2026-03-01 error Faked: line [31m\n");
        (await File.ReadAllLinesAsync(place.File("postbell.log"))).Length.ShouldBe(2);
    }

    [Fact]
    public void A_file_is_turned_over_at_its_size_and_the_oldest_dropped()
    {
        using var place = new TemporaryDirectory();
        using (var file = new RollingFile(place.File("a.log"), limit: 64, kept: 2))
        {
            for (var i = 0; i < 12; i++)
            {
                file.WriteLine($"line {i} {new string('x', 40)}");
                file.Flush();
            }
        }

        System.IO.Directory.GetFiles(place).Select(Path.GetFileName).Order().ShouldBe(["a.log.1", "a.log.2"]);
    }
}
