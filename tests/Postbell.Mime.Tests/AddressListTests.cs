using Postbell.Mime.Headers;

namespace Postbell.Mime.Tests;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("a@b.c", "|a|b.c")]
    [InlineData("<a@b.c>", "|a|b.c")]
    [InlineData("Ann Bell <a@b.c>", "Ann Bell|a|b.c")]
    [InlineData("\"Bell, Ann\" <a@b.c>", "Bell, Ann|a|b.c")]
    [InlineData("\"Ann \\\"X\\\" Bell\" <a@b.c>", "Ann \"X\" Bell|a|b.c")]
    [InlineData("a@b.c (Ann Bell)", "Ann Bell|a|b.c")]
    [InlineData("=?utf-8?Q?Zo=C3=AB?= <z@b.c>", "=?utf-8?Q?Zo=C3=AB?=|z|b.c")]
    [InlineData("\"a b\"@c.d", "|a b|c.d")]
    [InlineData("just a name", "|just a name|")]
    [InlineData("\"me@home\" <a@b.c>", "me@home|a|b.c")]
    [InlineData("Ann  (note)  Bell <a@b.c>", "Ann Bell|a|b.c")]
    [InlineData("Ann <a@b.c", "Ann|a|b.c")]
    public void One_address_is_read(string text, string expected)
    {
        var address = AddressListParser.Parse(text).ShouldHaveSingleItem();
        $"{address.Name}|{address.Mailbox}|{address.Host}".ShouldBe(expected);
    }

    [Fact]
    public void Lists_with_empty_places_are_read() =>
        AddressListParser.Parse("a@b, , <c@d>,,e@f").Select(a => a.Mailbox).ShouldBe(["a", "c", "e"]);

    [Fact]
    public void A_group_has_a_start_and_an_end()
    {
        var list = AddressListParser.Parse("Team: Ann <a@b>, c@d; , e@f");
        list.Select(a => (a.IsGroupStart, a.IsGroupEnd)).ShouldBe([(true, false), (false, false), (false, false), (false, true), (false, false)]);
        list[0].Mailbox.ShouldBe("Team");
        list[4].Mailbox.ShouldBe("e");
    }

    [Fact]
    public void Groups_may_be_empty_or_unclosed()
    {
        AddressListParser.Parse("undisclosed-recipients:;").Count.ShouldBe(2);
        AddressListParser.Parse("team: a@b")[^1].IsGroupEnd.ShouldBeTrue();
    }

    [Fact]
    public void A_source_route_is_kept_apart()
    {
        var address = AddressListParser.Parse("<@x,@y:a@b>")[0];
        (address.Route, address.Mailbox, address.Host).ShouldBe(("@x,@y", "a", "b"));
    }

    [Fact]
    public void The_envelope_fills_sender_and_reply_to_from_from()
    {
        var envelope = MimeParser.Parse(Sample.Bytes("From: a@b\nTo: c@d\nTo: e@f\nIn-Reply-To: <x>\nMessage-ID: <y>\nDate: now\n\n")).Envelope!;
        envelope.Sender.ShouldBe(envelope.From);
        envelope.ReplyTo.ShouldBe(envelope.From);
        envelope.To!.Count.ShouldBe(2);
        (envelope.Cc, envelope.InReplyTo, envelope.MessageId, envelope.Date).ShouldBe((null, "<x>", "<y>", "now"));
    }
}
