using System.Text;
using Postbell.Telephony.MessageWaiting;

namespace Postbell.Telephony.Tests;

public sealed class MessageSummaryTests
{
    [Fact]
    public void New_messages_light_the_lamp() =>
        Encoding.ASCII.GetString(new MessageSummary("sip:1001@vm", 2, 8, 0, 2).ToBody().Span)
            .ShouldBe("Messages-Waiting: yes\r\nMessage-Account: sip:1001@vm\r\nVoice-Message: 2/8 (0/2)\r\n");

    [Fact]
    public void Heard_messages_do_not() =>
        Encoding.ASCII.GetString(new MessageSummary("sip:1001@vm", 0, 4, 0, 1).ToBody().Span)
            .ShouldBe("Messages-Waiting: no\r\nMessage-Account: sip:1001@vm\r\nVoice-Message: 0/4 (0/1)\r\n");
}
