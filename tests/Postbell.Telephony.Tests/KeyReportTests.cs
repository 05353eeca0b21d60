using System.Text;
using Postbell.Telephony.Calls;

namespace Postbell.Telephony.Tests;

public sealed class KeyReportTests
{
    [Theory]
    [InlineData("Signal=5\r\nDuration=160\r\n", '5', 160)]
    [InlineData("Signal= *\nDuration= 250", '*', 250)]
    [InlineData("signal=11\r\n", '#', 100)]
    [InlineData("Signal=10\r\nDuration=soon\r\n", '*', 100)]
    [InlineData("Duration=90\r\nSignal=b\r\n", 'B', 90)]
    [InlineData("Signal=1\r\nSignal=2\r\n", '1', 100)]
    [InlineData("Signal=0\r\nDuration=999999\r\n", '0', 5000)]
    [InlineData("#", '#', 100)]
    [InlineData("7\r\n", '7', 100)]
    public void The_forms_that_gateways_send_are_read(string body, char key, int duration)
    {
        KeyReport.TryRead(Encoding.ASCII.GetBytes(body), out var report).ShouldBeTrue();
        report.ShouldBe(new KeyReport(key, TimeSpan.FromMilliseconds(duration)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Signal=\r\nDuration=100\r\n")]
    [InlineData("Signal=16\r\n")]
    [InlineData("Signal=12\r\n")]
    [InlineData("Volume=5\r\n")]
    [InlineData("E")]
    [InlineData("\0\u00ff=5")]
    public void What_names_no_key_is_refused(string body) => KeyReport.TryRead(Encoding.Latin1.GetBytes(body), out _).ShouldBeFalse();

    [Fact]
    public void A_long_body_is_not_read() => KeyReport.TryRead(Encoding.ASCII.GetBytes("Signal=5\r\n" + new string(' ', 300)), out _).ShouldBeFalse();
}
