using System.Text;
using Postbell.Sip.Messages;

namespace Postbell.Sip.Tests.Messages;

/// <summary>The headers of transfers and diversions: read, written, and mutated at random.</summary>
public sealed class TransferHeaderTests
{
    private static readonly string[] s_seeds =
    [
        "SIP;cause=200;text=\"Call completed elsewhere\"",
        "Q.850 ; cause=16 ; text=\"Terminated\"",
        "call-1@pbx;to-tag=a;from-tag=b;early-only",
        "\"Ann\" <sip:5001@gw>;reason=no-answer;counter=2;privacy=off",
        "<sip:5001@gw?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1.1;rc=1",
        "SIP/2.0 486 Busy Here",
    ];

    [Theory]
    [InlineData("SIP;cause=200;text=\"Call completed elsewhere\"", "SIP", 200, "Call completed elsewhere")]
    [InlineData("Q.850 ; cause=16", "Q.850", 16, null)]
    [InlineData("SIP;cause=abc", "SIP", null, null)]
    [InlineData("SIP;cause=99999", "SIP", null, null)]
    public void A_reason_is_read(string text, string protocol, int? cause, string? words)
    {
        SipReason.TryParse(text, out var reason).ShouldBeTrue();
        reason.ShouldBe(new SipReason(protocol, cause, words));
    }

    [Fact]
    public void Text_cannot_leave_its_quotes() =>
        new SipReason("SIP", 480, "a\"; cause=200").ToString().ShouldBe("SIP;cause=480;text=\"a\\\"; cause=200\"");

    [Theory]
    [InlineData("1.2.3.", false)]
    [InlineData("1..2", false)]
    [InlineData("1.x", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("1.10.3", true)]
    public void An_index_is_numbers_and_dots(string index, bool good)
    {
        var headers = new SipHeaders();
        headers.Add("History-Info", $"<sip:a@b>;index={index}");
        HistoryInfo.AllOf(headers).Count.ShouldBe(good ? 1 : 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_mutation_makes_a_reader_throw(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(s_seeds[random.Next(s_seeds.Length)]);
            for (var change = random.Next(1, 6); change > 0 && text.Length > 0; change--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, (char)random.Next(1, 0x180)),
                    _ => text.Insert(at, text.ToString(at, Math.Min(8, text.Length - at))),
                };
            }

            ReadAll(text.ToString());
        }
    }

    private static void ReadAll(string text)
    {
        if (SipReason.TryParse(text, out var reason))
        {
            SipReason.TryParse(reason.ToString(), out var again).ShouldBeTrue(text);
            again!.Cause.ShouldBe(reason.Cause);
        }

        if (SipReplaces.TryParse(text, out var replaces))
        {
            replaces.ToString().Length.ShouldBeLessThanOrEqualTo(text.Length + 40);
        }

        _ = Diversion.TryParse(text, out _);
        _ = SipFragment.TryRead(Encoding.UTF8.GetBytes(text), out _, out _);
        var headers = new SipHeaders();
        headers.Add("History-Info", text);
        foreach (var entry in HistoryInfo.AllOf(headers))
        {
            _ = HistoryInfo.SentOn(entry, entry.Uri).ToString();
        }

        HistoryInfo.Redirected(headers, SipUri.Create("a", "b"), new SipResponse(302, "Moved", new SipHeaders()));
    }
}
